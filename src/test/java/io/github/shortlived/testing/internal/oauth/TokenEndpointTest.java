package io.github.shortlived.testing.internal.oauth;

import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.email;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.json.webtoken.JsonWebSignature;
import com.google.api.client.json.webtoken.JsonWebToken;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.shortlived.testing.Demo;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.TestClock;
import io.github.shortlived.testing.Wire;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The OAuth token endpoint, with assertions that the tests sign. */
class TokenEndpointTest {
  private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  private static final String GOOGLE = "https://oauth2.googleapis.com/token";
  private static final String BAD_TIMES =
      "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."
          + " Check your iat and exp values in the JWT claim.";

  private final TestClock clock = TestClock.startingAt("2026-05-04T10:00:00Z");
  private final IamEmulator emulator = Demo.world().clock(clock).start();
  private final JsonObject keyFile = keyFile(SA1);
  private final JsonWebToken.Payload claims = new JsonWebToken.Payload();

  TokenEndpointTest() {
    claims.setIssuer(SA1).setAudience(GOOGLE);
    claims.setIssuedAtTimeSeconds(now()).setExpirationTimeSeconds(now() + 3600);
    claims.set("scope", CLOUD_PLATFORM);
  }

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void jwtBearer_withScope_returnsAnAccessToken() {
    HttpResponse<String> response = exchange();
    assertThat(response.statusCode()).isEqualTo(200);
    JsonObject body = Wire.json(response);
    assertThat(body.keySet()).containsExactlyInAnyOrder("access_token", "expires_in", "token_type");
    assertThat(body.get("expires_in").getAsInt()).isEqualTo(3599);
    assertThat(body.get("token_type").getAsString()).isEqualTo("Bearer");
  }

  @Test
  void jwtBearer_onEveryPathAndAudience_isServed() {
    List<String> audiences =
        List.of(
            GOOGLE,
            "https://www.googleapis.com/oauth2/v3/token",
            "https://www.googleapis.com/oauth2/v4/token",
            "https://accounts.google.com/o/oauth2/token",
            emulator.httpEndpoint() + "/token",
            emulator.httpEndpoint() + "/oauth2/v3/token",
            emulator.httpEndpoint() + "/oauth2/v4/token",
            emulator.httpEndpoint() + "/o/oauth2/token");
    for (String audience : audiences) {
      claims.setAudience(audience);
      for (String path :
          List.of("/token", "/oauth2/v3/token", "/oauth2/v4/token", "/o/oauth2/token")) {
        assertThat(exchange(path, assertion()).statusCode()).isEqualTo(200);
      }
    }
  }

  @Test
  void jwtBearer_withTargetAudience_returnsAnIdTokenOnly() throws Exception {
    claims.remove("scope");
    claims.set("target_audience", "orders");
    JsonObject body = Wire.json(exchange());
    assertThat(body.keySet()).containsExactly("id_token");
    JsonWebSignature jwt =
        JsonWebSignature.parse(
            GsonFactory.getDefaultInstance(), body.get("id_token").getAsString());
    assertThat(jwt.verifySignature(PublishedKeysTest.googleKey(emulator, jwt))).isTrue();
    assertThat(jwt.getPayload())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "iss",
                "https://accounts.google.com",
                "aud",
                "orders",
                "azp",
                SA1, // not the unique id, as in other ID tokens
                "sub",
                keyFile.get("client_id").getAsString(),
                "email",
                SA1,
                "email_verified",
                true,
                "iat",
                now(),
                "exp",
                now() + 3600));
  }

  @Test
  void jwtBearer_missingOrInvalidScope_isInvalidScope() {
    for (String scope : List.of("", "not a scope")) {
      claims.set("scope", scope);
      assertRefused(
          exchange(), 400, "invalid_scope", "Invalid OAuth scope or ID token audience provided.");
    }
  }

  @Test
  void jwtBearer_unknownAccount_isNotFound() {
    claims.setIssuer(email("ghost"));
    assertRefused(exchange(), 400, "invalid_grant", "Invalid grant: account not found");
  }

  @Test
  void jwtBearer_signedByAnother_isInvalid() {
    claims.setIssuer(SA2);
    assertRefused(exchange(), 400, "invalid_grant", "Invalid JWT Signature.");
  }

  @Test
  void jwtBearer_tampered_isInvalid() {
    String assertion = assertion();
    claims.set("scope", CLOUD_PLATFORM + " openid");
    String other = assertion();
    String mixed =
        other.substring(0, other.lastIndexOf('.'))
            + assertion.substring(assertion.lastIndexOf('.'));
    assertRefused(exchange("/token", mixed), 400, "invalid_grant", "Invalid JWT Signature.");
  }

  static Stream<Object> audiencesOfOtherTypes() {
    return Stream.<Object>of(5, 1.5, true, Map.of("a", 1), List.of(1), List.of(GOOGLE, 5));
  }

  @ParameterizedTest
  @MethodSource("audiencesOfOtherTypes")
  void jwt_audienceThatIsNotText_isRefused(Object audience) {
    claims.setAudience(audience);
    assertRefused(exchange(), 400, "invalid_grant", "Invalid JWT: Failed audience check.");
    claims.remove("scope"); // It would take the place of the audience.
    assertThat(Wire.anonymous(emulator).with(assertion()).get("/v1/" + name(SA2)).statusCode())
        .isEqualTo(401);
  }

  @Test
  void jwtBearer_otherAudience_failsTheCheck() {
    claims.setAudience("https://example.com/token");
    assertRefused(exchange(), 400, "invalid_grant", "Invalid JWT: Failed audience check.");
  }

  @Test
  void jwtBearer_times_areChecked() {
    String fresh = assertion();
    clock.advance(Duration.ofMinutes(59));
    assertThat(exchange("/token", fresh).statusCode()).isEqualTo(200);
    clock.advance(Duration.ofMinutes(1));
    assertRefused(exchange("/token", fresh), 400, "invalid_grant", BAD_TIMES);
    assertBadTimes(now(), now() + 3601);
    assertBadTimes(now() + 120, now() + 180);
    assertBadTimes(null, now() + 60);
    assertBadTimes(now(), null);
  }

  /** The difference of these times does not fit into a long. */
  @Test
  void jwtBearer_timesAtTheLimits_areRefused() {
    assertBadTimes(Long.MIN_VALUE, Long.MAX_VALUE);
    assertBadTimes(Long.MIN_VALUE, now() + 60);
    assertBadTimes(now(), Long.MAX_VALUE);
    assertBadTimes(Long.MAX_VALUE, Long.MAX_VALUE);
    assertBadTimes(Long.MIN_VALUE, Long.MIN_VALUE);
  }

  @Test
  void jwtBearer_forUser_isUnauthorized() {
    claims.setSubject("boss@example.com");
    HttpResponse<String> response = exchange();
    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(Wire.json(response).get("error").getAsString()).isEqualTo("unauthorized_client");
  }

  @Test
  void jwtBearer_garbage_isInvalidGrant() {
    for (String garbage : List.of("x", "a.b.c", "..", "e30.e30.e30")) {
      HttpResponse<String> response = exchange("/token", garbage);
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(Wire.json(response).get("error").getAsString()).isEqualTo("invalid_grant");
    }
  }

  @Test
  void form_wrongOrMissingParameters_areRefused() {
    Wire wire = Wire.anonymous(emulator);
    assertRefused(
        wire.form("/token", Map.of("grant_type", "password")),
        400,
        "unsupported_grant_type",
        "Invalid grant_type: password");
    assertRefused(
        wire.form("/token", Map.of()),
        400,
        "invalid_request",
        "Required parameter is missing: grant_type");
    assertRefused(
        wire.form("/token", Map.of("grant_type", JWT_BEARER)),
        400,
        "invalid_request",
        "Required parameter is missing: assertion");
    assertThat(wire.get("/token").statusCode()).isEqualTo(405);
  }

  @Test
  void selfSignedBearer_audienceOrScope_isChecked() {
    claims.setSubject(SA1);
    claims.remove("scope");
    claims.setAudience("https://iamcredentials.googleapis.com/");
    assertThat(callWithAssertion()).isEqualTo(403);
    claims.setAudience("https://example.com/");
    assertThat(callWithAssertion()).isEqualTo(401);
    claims.setAudience(null);
    claims.set("scope", CLOUD_PLATFORM);
    assertThat(callWithAssertion()).isEqualTo(403);
    claims.setSubject("boss@example.com");
    assertThat(callWithAssertion()).isEqualTo(401);
  }

  /** Status 401 means an invalid token; 403 means a valid one of a caller without a grant. */
  private int callWithAssertion() {
    return Wire.anonymous(emulator)
        .with(assertion())
        .post("/v1/" + name(SA2) + ":generateIdToken", "{\"audience\":\"a\"}")
        .statusCode();
  }

  private void assertBadTimes(@Nullable Long issuedAt, @Nullable Long expiry) {
    claims.setIssuedAtTimeSeconds(issuedAt).setExpirationTimeSeconds(expiry);
    assertRefused(exchange(), 400, "invalid_grant", BAD_TIMES);
  }

  private HttpResponse<String> exchange() {
    return exchange("/token", assertion());
  }

  private HttpResponse<String> exchange(String path, String assertion) {
    return Wire.anonymous(emulator)
        .form(path, Map.of("grant_type", JWT_BEARER, "assertion", assertion));
  }

  private String assertion() {
    JsonWebSignature.Header header = new JsonWebSignature.Header();
    header.setAlgorithm("RS256").setType("JWT");
    header.setKeyId(keyFile.get("private_key_id").getAsString());
    try {
      return JsonWebSignature.signUsingRsaSha256(
          privateKey(), GsonFactory.getDefaultInstance(), header, claims);
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  private PrivateKey privateKey() throws GeneralSecurityException {
    String der = keyFile.get("private_key").getAsString().replaceAll("-----[A-Z ]+-----|\\s", "");
    return KeyFactory.getInstance("RSA")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(der)));
  }

  private JsonObject keyFile(String email) {
    return JsonParser.parseString(emulator.serviceAccountKey(email)).getAsJsonObject();
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }

  private static void assertRefused(
      HttpResponse<String> response, int status, String error, String description) {
    assertThat(response.statusCode()).isEqualTo(status);
    JsonObject body = Wire.json(response);
    assertThat(body.keySet()).containsExactlyInAnyOrder("error", "error_description");
    assertThat(body.get("error").getAsString()).isEqualTo(error);
    assertThat(body.get("error_description").getAsString()).isEqualTo(description);
  }
}
