package io.github.shortlived.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs JWTs, valid and invalid, with the key file of a service account. */
public final class HandSigned {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  final JsonObject header = new JsonObject();
  final JsonObject claims = new JsonObject();
  private final JsonObject keyFile;

  private HandSigned(JsonObject keyFile) {
    this.keyFile = keyFile;
  }

  /** Creates claims of an account with a new key, valid for an hour. */
  public static HandSigned by(IamEmulator emulator, String email, long now) {
    HandSigned jwt =
        new HandSigned(JsonParser.parseString(emulator.serviceAccountKey(email)).getAsJsonObject());
    jwt.header.addProperty("alg", "RS256");
    jwt.header.addProperty("kid", jwt.keyFile.get("private_key_id").getAsString());
    jwt.claims.addProperty("iss", email);
    jwt.claims.addProperty("iat", now);
    jwt.claims.addProperty("exp", now + 3600);
    return jwt;
  }

  public HandSigned with(String claim, String value) {
    claims.addProperty(claim, value);
    return this;
  }

  HandSigned with(String claim, long value) {
    claims.addProperty(claim, value);
    return this;
  }

  public String rs256() {
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(privateKey());
      signature.update(signed().getBytes(UTF_8));
      return signed() + "." + BASE64.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Signs with HS256 and a public value as the shared secret, a known attack. */
  String hs256() {
    header.addProperty("alg", "HS256");
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(header.get("kid").getAsString().getBytes(UTF_8), "HmacSHA256"));
      return signed() + "." + BASE64.encodeToString(mac.doFinal(signed().getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  String unsigned() {
    header.addProperty("alg", "none");
    return signed() + ".";
  }

  private String signed() {
    return encode(header) + "." + encode(claims);
  }

  private static String encode(JsonObject json) {
    return BASE64.encodeToString(json.toString().getBytes(UTF_8));
  }

  private PrivateKey privateKey() throws GeneralSecurityException {
    String der = keyFile.get("private_key").getAsString().replaceAll("-----[A-Z ]+-----|\\s", "");
    return KeyFactory.getInstance("RSA")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(der)));
  }
}
