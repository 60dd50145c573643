package io.github.shortlived.testing.internal.oauth;

import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.json.webtoken.JsonWebSignature;
import com.google.auth.oauth2.IdTokenProvider;
import com.google.auth.oauth2.TokenVerifier;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.shortlived.testing.Demo;
import io.github.shortlived.testing.HandSigned;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.TestClock;
import io.github.shortlived.testing.Wire;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

public class PublishedKeysTest {
  private static final String NOW = "2026-05-04T10:00:00Z";

  private final IamEmulator emulator =
      Demo.world()
          .clock(TestClock.startingAt(NOW))
          .binding(SA2, TOKEN_CREATOR, member(SA1))
          .start();

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void x509_afterSigning_certifiesTheSigningKey() throws Exception {
    String keyId = sign();
    for (String path : List.of("/service_accounts/v1/metadata/x509/", "/robot/v1/metadata/x509/")) {
      X509Certificate certificate =
          certificate(get(path + SA2.replace("@", "%40")).get(keyId).getAsString());
      certificate.verify(certificate.getPublicKey());
      certificate.checkValidity(Date.from(Instant.parse(NOW)));
      assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=" + SA2);
      assertThat(certificate.getPublicKey()).isEqualTo(accountKey(emulator, SA2, keyId));
    }
  }

  @Test
  void jwk_onBothPaths_isTheSame() {
    String keyId = sign();
    JsonObject keys = get("/service_accounts/v1/jwk/" + SA2);
    assertThat(keys).isEqualTo(get("/service_accounts/v1/metadata/jwk/" + SA2));
    JsonObject key = keys.getAsJsonArray("keys").get(0).getAsJsonObject();
    assertThat(key.keySet()).containsExactlyInAnyOrder("kty", "alg", "use", "kid", "n", "e");
    assertThat(key.get("kid").getAsString()).isEqualTo(keyId).matches("[0-9a-f]{40}");
    assertThat(key.get("e").getAsString()).isEqualTo("AQAB");
  }

  /** A verifier may read and cache the keys before the account signs anything. */
  @Test
  void jwk_beforeSigning_hasTheSigningKey() {
    JsonArray early = get("/service_accounts/v1/jwk/" + SA2).getAsJsonArray("keys");
    assertThat(early).hasSize(1);
    assertThat(early.get(0).getAsJsonObject().get("kid").getAsString()).isEqualTo(sign());
  }

  @Test
  void raw_afterSigning_hasTheSameKey() throws Exception {
    String keyId = sign();
    String pem = get("/service_accounts/v1/metadata/raw/" + SA2).get(keyId).getAsString();
    byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    assertThat(KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der)))
        .isEqualTo(accountKey(emulator, SA2, keyId));
  }

  @Test
  void discovery_hasTheUrlsOfKeysAndEndpoints() {
    JsonObject document = get("/.well-known/openid-configuration");
    assertThat(document.get("issuer").getAsString()).isEqualTo("https://accounts.google.com");
    assertThat(document.get("jwks_uri").getAsString())
        .isEqualTo("https://www.googleapis.com/oauth2/v3/certs");
    assertThat(document.get("token_endpoint").getAsString())
        .isEqualTo("https://oauth2.googleapis.com/token");
    assertThat(document.get("userinfo_endpoint").getAsString())
        .isEqualTo("https://openidconnect.googleapis.com/v1/userinfo");
    assertThat(document.get("revocation_endpoint").getAsString())
        .isEqualTo("https://oauth2.googleapis.com/revoke");
  }

  @Test
  void keyFile_urlOfClientCertificates_works() throws Exception {
    JsonObject file = JsonParser.parseString(emulator.serviceAccountKey(SA2)).getAsJsonObject();
    String path = URI.create(file.get("client_x509_cert_url").getAsString()).getRawPath();
    assertThat(path).contains("sa-2%40");
    JsonObject certificates = get(path);
    assertThat(certificates.keySet())
        .hasSize(2) // the account's own and Google's
        .contains(file.get("private_key_id").getAsString());
  }

  @Test
  void tokenVerifier_ofGoogleAuth_acceptsTokensOfTheEmulatorOnly() throws Exception {
    try (IamEmulator now = Demo.world().start()) {
      IdTokenProvider provider = (IdTokenProvider) now.googleCredentials(member(SA1));
      String token = provider.idTokenWithAudience("orders", List.of()).getTokenValue();
      for (String path : List.of("/oauth2/v3/certs", "/oauth2/v1/certs")) {
        TokenVerifier.Builder verifier =
            TokenVerifier.newBuilder()
                .setCertificatesLocation(now.httpEndpoint() + path)
                .setIssuer("https://accounts.google.com");
        assertThat(verifier.setAudience("orders").build().verify(token).getPayload())
            .containsEntry("aud", "orders");
        assertThatThrownBy(() -> verifier.setAudience("other").build().verify(token))
            .isInstanceOf(TokenVerifier.VerificationException.class);
        String selfSigned =
            HandSigned.by(now, SA1, Instant.now().getEpochSecond())
                .with("iss", "https://accounts.google.com")
                .with("aud", "orders")
                .rs256();
        assertThatThrownBy(() -> verifier.setAudience("orders").build().verify(selfSigned))
            .isInstanceOf(TokenVerifier.VerificationException.class);
      }
    }
  }

  @Test
  void jwk_afterKeyFile_hasItsKeyToo() {
    sign();
    emulator.serviceAccountKey(SA2);
    assertThat(get("/service_accounts/v1/jwk/" + SA2).getAsJsonArray("keys")).hasSize(2);
  }

  @Test
  void googleCerts_inBothForms_haveTheSameKey() throws Exception {
    JsonObject jwk = get("/oauth2/v3/certs").getAsJsonArray("keys").get(0).getAsJsonObject();
    String keyId = jwk.get("kid").getAsString();
    X509Certificate certificate = certificate(get("/oauth2/v1/certs").get(keyId).getAsString());
    assertThat(certificate.getPublicKey()).isEqualTo(publicKey(jwk));
    assertThat(get("/oauth2/v2/certs")).isEqualTo(get("/oauth2/v3/certs"));
  }

  @Test
  void anyKeys_areCacheable() {
    assertThat(
            Wire.anonymous(emulator).get("/oauth2/v3/certs").headers().firstValue("Cache-Control"))
        .hasValueSatisfying(value -> assertThat(value).startsWith("public, max-age="));
  }

  @Test
  void anyForm_unknownAccount_isNotFound() {
    for (String form :
        List.of(
            "service_accounts/v1/metadata/x509",
            "service_accounts/v1/metadata/raw",
            "service_accounts/v1/metadata/jwk",
            "service_accounts/v1/jwk",
            "robot/v1/metadata/x509")) {
      assertThat(Wire.anonymous(emulator).get("/" + form + "/" + SA2).statusCode()).isEqualTo(200);
      HttpResponse<String> response =
          Wire.anonymous(emulator).get("/" + form + "/" + Demo.email("ghost"));
      assertThat(response.statusCode()).isEqualTo(404);
      assertThat(Wire.error(response).get("status").getAsString()).isEqualTo("NOT_FOUND");
    }
  }

  @Test
  void secondEmulator_hasOtherKeys() {
    String keyId = sign();
    try (IamEmulator second = Demo.world().binding(SA2, TOKEN_CREATOR, member(SA1)).start()) {
      String secondId = sign(second);
      assertThat(secondId).isNotEqualTo(keyId);
      assertThat(accountKey(second, SA2, secondId)).isNotEqualTo(accountKey(emulator, SA2, keyId));
    }
  }

  public static PublicKey accountKey(IamEmulator emulator, String email, String keyId) {
    return find(emulator, "/service_accounts/v1/jwk/" + email, keyId);
  }

  public static List<PublicKey> accountKeys(IamEmulator emulator, String email) {
    List<PublicKey> keys = new ArrayList<>();
    Wire.json(Wire.anonymous(emulator).get("/service_accounts/v1/jwk/" + email))
        .getAsJsonArray("keys")
        .forEach(key -> keys.add(publicKey(key.getAsJsonObject())));
    return keys;
  }

  public static PublicKey googleKey(IamEmulator emulator, JsonWebSignature jwt) {
    return find(emulator, "/oauth2/v3/certs", jwt.getHeader().getKeyId());
  }

  public static PublicKey find(IamEmulator emulator, String path, String keyId) {
    for (JsonElement key : Wire.json(Wire.anonymous(emulator).get(path)).getAsJsonArray("keys")) {
      if (key.getAsJsonObject().get("kid").getAsString().equals(keyId)) {
        return publicKey(key.getAsJsonObject());
      }
    }
    throw new AssertionError("Not published: " + keyId);
  }

  private static PublicKey publicKey(JsonObject jwk) {
    try {
      return KeyFactory.getInstance("RSA")
          .generatePublic(new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e")));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static BigInteger number(JsonObject jwk, String name) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(jwk.get(name).getAsString()));
  }

  private static X509Certificate certificate(String pem) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.getBytes(US_ASCII)));
  }

  private JsonObject get(String path) {
    HttpResponse<String> response = Wire.anonymous(emulator).get(path);
    assertThat(response.statusCode()).isEqualTo(200);
    return Wire.json(response);
  }

  private String sign() {
    return sign(emulator);
  }

  /** Returns the id of the signing key. */
  private static String sign(IamEmulator emulator) {
    HttpResponse<String> signed =
        Wire.as(emulator, member(SA1))
            .post("/v1/" + name(SA2) + ":signBlob", "{\"payload\":\"AA==\"}");
    return Wire.json(signed).get("keyId").getAsString();
  }
}
