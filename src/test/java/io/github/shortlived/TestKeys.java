package io.github.shortlived;

import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.common.io.BaseEncoding;
import com.google.gson.JsonObject;
import io.github.shortlived.model.ServiceAccount;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;

/** A service account with a key that is created for each run. */
public final class TestKeys {
  public static final ServiceAccount CALLER =
      ServiceAccount.of("caller@demo.iam.gserviceaccount.com");
  public static final String KEY_ID = "0123456789abcdef0123456789abcdef01234567";
  static final KeyPair PAIR = pair();

  private TestKeys() {}

  public static ServiceAccountCredentials source(FakeHttp http) {
    return unnamed(http).setPrivateKeyId(KEY_ID).build();
  }

  /** Returns a builder for a key without an ID. */
  public static ServiceAccountCredentials.Builder unnamed(FakeHttp http) {
    return ServiceAccountCredentials.newBuilder()
        .setClientEmail(CALLER.id())
        .setClientId("103456789012345678901")
        .setPrivateKey(PAIR.getPrivate())
        .setHttpTransportFactory(http);
  }

  /** Returns the content of a key file, without the URL of its token server. */
  public static JsonObject json() {
    JsonObject key = new JsonObject();
    key.addProperty("type", "service_account");
    key.addProperty("private_key_id", KEY_ID);
    key.addProperty("private_key", pem());
    key.addProperty("client_email", CALLER.id());
    key.addProperty("client_id", "103456789012345678901");
    return key;
  }

  public static String pem() {
    return "-----BEGIN PRIVATE KEY-----\n"
        + BaseEncoding.base64().encode(PAIR.getPrivate().getEncoded())
        + "\n-----END PRIVATE KEY-----\n";
  }

  public static boolean verifies(byte[] signed, byte[] signature) throws GeneralSecurityException {
    Signature rsa = Signature.getInstance("SHA256withRSA");
    rsa.initVerify(PAIR.getPublic());
    rsa.update(signed);
    return rsa.verify(signature);
  }

  /** Returns the decoded part of a compact JWT. */
  public static String part(String jwt, int index) {
    return new String(
        BaseEncoding.base64Url().decode(jwt.split("\\.", -1)[index]), StandardCharsets.UTF_8);
  }

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
