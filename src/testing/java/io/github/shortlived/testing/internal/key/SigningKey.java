package io.github.shortlived.testing.internal.key;

import com.google.common.hash.Hashing;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;

/** An RSA key and the id under which it is published. */
public record SigningKey(String id, RSAPublicKey publicKey, PrivateKey privateKey) {

  /** Creates a key whose id depends on its public half. */
  static SigningKey of(RSAPublicKey publicKey, PrivateKey privateKey) {
    return new SigningKey(id(publicKey.getEncoded()), publicKey, privateKey);
  }

  /** Signs with RSASSA-PKCS1-v1_5 and SHA-256. */
  public byte[] sign(byte[] content) {
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(privateKey);
      signature.update(content);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Key " + id + " cannot sign", e);
    }
  }

  @Override
  public String toString() {
    return "SigningKey[" + id + "]";
  }

  @SuppressWarnings(
      "deprecation") // Google's ids are as long; nothing depends on the hash's safety.
  private static String id(byte[] content) {
    return Hashing.sha1().hashBytes(content).toString();
  }
}
