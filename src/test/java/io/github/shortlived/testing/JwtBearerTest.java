package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.SA1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rules of the token endpoint for signed JWTs and their form. */
class JwtBearerTest {
  private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String GOOGLE = "https://oauth2.googleapis.com/token";
  private static final OAuthError BAD_SIGNATURE = OAuthError.invalidGrant("Invalid JWT Signature.");
  private static final OAuthError BAD_AUDIENCE =
      OAuthError.invalidGrant("Invalid JWT: Failed audience check.");

  private final TestClock clock = TestClock.startingAt("2026-05-04T10:00:00Z");
  private final IamEmulator emulator = Demo.world().clock(clock).start();
  private final Wire wire = Wire.anonymous(emulator);
  private final HandSigned jwt =
      HandSigned.by(emulator, SA1, clock.instant().getEpochSecond())
          .with("aud", GOOGLE)
          .with("scope", CLOUD_PLATFORM);

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void algorithm_otherThanRs256_isABadSignature() {
    assertThat(exchange(jwt.rs256()).statusCode()).isEqualTo(200);
    assertThat(refusal(jwt.hs256())).isEqualTo(BAD_SIGNATURE);
    HttpResponse<String> unsigned = exchange(jwt.unsigned());
    assertThat(unsigned.statusCode()).isEqualTo(400);
    assertThat(OAuthError.of(unsigned).error()).isEqualTo("invalid_grant");
  }

  @Test
  void keyId_wrong_isABadSignature_andMissing_isAccepted() {
    jwt.header.addProperty("kid", "0".repeat(40));
    assertThat(refusal(jwt.rs256())).isEqualTo(BAD_SIGNATURE);
    jwt.header.remove("kid");
    assertThat(exchange(jwt.rs256()).statusCode()).isEqualTo(200);
  }

  @Test
  void keyId_missing_isAcceptedForTrustedKeysOnly() {
    String id = jwt.header.remove("kid").getAsString();
    String key = "/v1/" + Demo.name(SA1) + "/keys/" + id;
    Wire admin = Wire.as(emulator, Demo.ADMIN);
    admin.post(key + ":disable", "{}");
    assertThat(refusal(jwt.rs256())).isEqualTo(BAD_SIGNATURE);
    admin.post(key + ":enable", "{}");
    assertThat(exchange(jwt.rs256()).statusCode()).isEqualTo(200);
    admin.send("DELETE", key, BodyPublishers.noBody(), "application/json");
    assertThat(refusal(jwt.rs256())).isEqualTo(BAD_SIGNATURE);
  }

  @Test
  void keyId_missing_forAKeyFromBeforeAReset_isABadSignature() {
    jwt.header.remove("kid");
    assertThat(exchange(jwt.rs256()).statusCode()).isEqualTo(200);
    emulator.reset();
    assertThat(refusal(jwt.rs256())).isEqualTo(BAD_SIGNATURE);
    emulator.serviceAccountKey(SA1);
    assertThat(refusal(jwt.rs256())).isEqualTo(BAD_SIGNATURE);
  }

  @Test
  void keyId_missing_forAKeyOfAnotherEmulatorOrAccount_isABadSignature() {
    jwt.header.remove("kid");
    assertThat(exchange(jwt.rs256()).statusCode()).isEqualTo(200);
    try (IamEmulator other = Demo.world().clock(clock).start()) {
      HandSigned theirs =
          HandSigned.by(other, SA1, clock.instant().getEpochSecond()).with("aud", GOOGLE);
      theirs.header.remove("kid");
      assertThat(refusal(theirs.rs256())).isEqualTo(BAD_SIGNATURE);
    }
    assertThat(refusal(jwt.with("iss", Demo.SA2).rs256())).isEqualTo(BAD_SIGNATURE);
  }

  @Test
  void scopes_several_areAllInTheToken() {
    jwt.with("scope", CLOUD_PLATFORM + "  openid email");
    String token = Wire.json(exchange(jwt.rs256())).get("access_token").getAsString();
    HttpResponse<String> call =
        wire.with(token)
            .post(
                "/v1/" + Demo.name(SA1) + ":generateAccessToken",
                "{\"scope\":[\"" + CLOUD_PLATFORM + "\"]}");
    // The token is valid and its scopes suffice; only the grant is missing.
    assertThat(call.body()).contains("IAM_PERMISSION_DENIED");
  }

  @Test
  void audience_amongSeveral_isAccepted_andMissing_fails() {
    JsonArray several = new JsonArray();
    several.add("https://example.com/token");
    jwt.claims.add("aud", several);
    assertThat(refusal(jwt.rs256())).isEqualTo(BAD_AUDIENCE);
    several.add(GOOGLE);
    assertThat(exchange(jwt.rs256()).statusCode()).isEqualTo(200);
    jwt.claims.remove("aud");
    assertThat(refusal(jwt.rs256())).isEqualTo(BAD_AUDIENCE);
  }

  @Test
  void issuer_missing_isAccountNotFound() {
    jwt.claims.remove("iss");
    assertThat(refusal(jwt.rs256()))
        .isEqualTo(OAuthError.invalidGrant("Invalid grant: account not found"));
  }

  @Test
  void form_asAnotherMediaType_isRefused() {
    String form = form(jwt.rs256());
    assertThat(post(form, FORM + "; charset=UTF-8").statusCode()).isEqualTo(200);
    for (String type : List.of("application/json", "text/plain", "nonsense")) {
      assertThat(OAuthError.of(post(form, type)))
          .isEqualTo(OAuthError.invalidRequest("The request's Content-Type must be " + FORM + "."));
    }
  }

  @Test
  void form_withAParameterTwice_isRefused() {
    String form = form(jwt.rs256());
    assertThat(OAuthError.of(post(form + "&grant_type=" + JWT_BEARER, FORM)))
        .isEqualTo(
            OAuthError.invalidRequest(
                "OAuth 2 parameters can only have a single value: grant_type"));
  }

  @Test
  void form_withABadEscape_isRefused() {
    assertThat(OAuthError.of(post("grant_type=%zz", FORM)).error()).isEqualTo("invalid_request");
  }

  private OAuthError refusal(String assertion) {
    return OAuthError.of(exchange(assertion));
  }

  private HttpResponse<String> exchange(String assertion) {
    return wire.form("/token", Map.of("grant_type", JWT_BEARER, "assertion", assertion));
  }

  private HttpResponse<String> post(String form, String contentType) {
    return wire.send("POST", "/token", BodyPublishers.ofString(form), contentType);
  }

  private static String form(String assertion) {
    return "grant_type=" + URLEncoder.encode(JWT_BEARER, UTF_8) + "&assertion=" + assertion;
  }
}
