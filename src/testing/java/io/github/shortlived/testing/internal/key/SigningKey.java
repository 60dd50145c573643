package io.github.shortlived.testing.internal.key;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.hash.Hashing;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;

/** An RSA key and the id under which it is published. */
public record SigningKey(String id, RSAPublicKey publicKey, PrivateKey privateKey) {

  static SigningKey generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      KeyPair pair = generator.generateKeyPair();
      return new SigningKey(
          id(pair.getPublic().getEncoded()), (RSAPublicKey) pair.getPublic(), pair.getPrivate());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK has no RSA", e);
    }
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

  /** Returns the same key under another id, which depends on the number. */
  SigningKey withIdOf(int number) {
    return new SigningKey(id((id + number).getBytes(US_ASCII)), publicKey, privateKey);
  }

  @SuppressWarnings(
      "deprecation") // Google's ids are as long; nothing depends on the hash's safety.
  private static String id(byte[] content) {
    return Hashing.sha1().hashBytes(content).toString();
  }
}
