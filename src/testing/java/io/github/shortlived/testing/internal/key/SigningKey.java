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
      return of(generator.generateKeyPair());
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

  // Google's key ids have the length of a SHA-1 hash; nothing depends on its security.
  @SuppressWarnings("deprecation")
  private static SigningKey of(KeyPair pair) {
    String id = Hashing.sha1().hashBytes(pair.getPublic().getEncoded()).toString();
    return new SigningKey(id, (RSAPublicKey) pair.getPublic(), pair.getPrivate());
  }

  /** Returns the same key under another id, which depends on the number. */
  @SuppressWarnings("deprecation") // As for the method above.
  SigningKey withIdOf(int number) {
    String other = Hashing.sha1().hashString(id + number, US_ASCII).toString();
    return new SigningKey(other, publicKey, privateKey);
  }
}
