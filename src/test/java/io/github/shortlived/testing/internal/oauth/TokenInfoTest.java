package io.github.shortlived.testing.internal.oauth;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.shortlived.testing.Demo;
import io.github.shortlived.testing.EmulatorCall;
import io.github.shortlived.testing.HandSigned;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.TestClock;
import io.github.shortlived.testing.Wire;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The endpoints that describe tokens. */
class TokenInfoTest {
  private static final String EMAIL_SCOPE = "https://www.googleapis.com/auth/userinfo.email";
  private static final List<String> NEW = List.of("/tokeninfo", "/oauth2/v3/tokeninfo");
  private static final List<String> OLD = List.of("/oauth2/v1/tokeninfo", "/oauth2/v2/tokeninfo");

  private final TestClock clock = TestClock.startingAt("2026-05-04T10:00:00Z");
  private final IamEmulator emulator =
      Demo.world()
          .clock(clock)
          .binding(SA2, TOKEN_CREATOR, member(SA1))
          .workloadIdentityPool(PROJECT, "ci-pool", "ci-provider", "https://ci.example.com")
          .start();
  private final Wire anonymous = Wire.anonymous(emulator);
  private final Wire admin = Wire.as(emulator, ADMIN);
  private final String id = Wire.json(admin.get("/v1/" + name(SA2))).get("uniqueId").getAsString();

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void accessToken_ofAServiceAccount_isDescribed() {
    String token = accessToken(CLOUD_PLATFORM);
    clock.advance(Duration.ofMinutes(10));
    for (String path : NEW) {
      assertThat(json(anonymous.get(path + "?access_token=" + token)))
          .isEqualTo(
              json(
                  """
                  {"azp": "%1$s", "aud": "%1$s", "scope": "%2$s", "exp": "1777892400",
                   "expires_in": "3000", "access_type": "online"}
                  """
                      .formatted(id, CLOUD_PLATFORM)));
    }
    for (String path : OLD) {
      assertThat(json(anonymous.form(path, Map.of("access_token", token))))
          .isEqualTo(
              json(
                  """
                  {"issued_to": "%1$s", "audience": "%1$s", "scope": "%2$s", "expires_in": 3000,
                   "access_type": "online"}
                  """
                      .formatted(id, CLOUD_PLATFORM)));
    }
  }

  @Test
  void accessToken_inTheHeader_isDescribed() {
    String token = accessToken(CLOUD_PLATFORM);
    for (String path : NEW) {
      assertThat(json(anonymous.with(token).form(path, Map.of())))
          .isEqualTo(json(anonymous.get(path + "?access_token=" + token)));
    }
  }

  @Test
  void accessToken_withTheEmailScope_namesTheAccount() {
    String token = accessToken(EMAIL_SCOPE);
    for (String path : NEW) {
      assertThat(json(anonymous.form(path, Map.of("access_token", token))))
          .isEqualTo(
              json(
                  """
                  {"azp": "%1$s", "aud": "%1$s", "sub": "%1$s", "scope": "%2$s",
                   "exp": "1777892400", "expires_in": "3600", "email": "%3$s",
                   "email_verified": "true", "access_type": "online"}
                  """
                      .formatted(id, EMAIL_SCOPE, SA2)));
    }
    for (String path : OLD) {
      assertThat(json(post(path + "?access_token=" + token)))
          .isEqualTo(
              json(
                  """
                  {"issued_to": "%1$s", "audience": "%1$s", "user_id": "%1$s", "scope": "%2$s",
                   "expires_in": 3600, "email": "%3$s", "verified_email": true,
                   "access_type": "online"}
                  """
                      .formatted(id, EMAIL_SCOPE, SA2)));
    }
  }

  @Test
  void accessToken_ofAUser_belongsToTheOAuthClient() {
    JsonObject file = json(emulator.userCredentials("boss@example.com"));
    JsonObject info =
        json(
            anonymous.get(
                "/tokeninfo?access_token=" + refreshed(file).get("access_token").getAsString()));
    assertThat(info.remove("sub").getAsString()).matches("11\\d{19}");
    assertThat(info)
        .isEqualTo(
            json(
                """
                {"azp": "%1$s", "aud": "%1$s", "scope": "%2$s %3$s openid", "exp": "1777892400",
                 "expires_in": "3600", "email": "boss@example.com", "email_verified": "true",
                 "access_type": "offline"}
                """
                    .formatted(file.get("client_id").getAsString(), CLOUD_PLATFORM, EMAIL_SCOPE)));
    List<EmulatorCall> calls = emulator.calls();
    assertThat(calls.get(calls.size() - 1))
        .returns("tokeninfo", EmulatorCall::method)
        .returns("user:boss@example.com", EmulatorCall::caller);
  }

  @Test
  void idToken_isDescribedByHeaderAndClaims() {
    String token = idToken();
    for (String path : NEW) {
      JsonObject info = json(anonymous.get(path + "?id_token=" + token));
      assertThat(info.remove("kid").getAsString()).matches("[0-9a-f]{40}");
      assertThat(info)
          .isEqualTo(
              json(
                  """
                  {"aud": "orders", "azp": "%1$s", "email": "%2$s", "email_verified": "true",
                   "exp": "1777892400", "iat": "1777888800", "iss": "https://accounts.google.com",
                   "sub": "%1$s", "alg": "RS256", "typ": "JWT"}
                  """
                      .formatted(id, SA2)));
    }
    for (String path : OLD) {
      assertThat(json(anonymous.get(path + "?id_token=" + token)))
          .isEqualTo(
              json(
                  """
                  {"issuer": "https://accounts.google.com", "issued_to": "%1$s",
                   "audience": "orders", "user_id": "%1$s", "issued_at": 1777888800,
                   "expires_in": 3600, "email": "%2$s", "verified_email": true}
                  """
                      .formatted(id, SA2)));
    }
  }

  @Test
  void token_ofAnother_orNone_isInvalid() {
    WorkloadTokens ci = new WorkloadTokens(emulator);
    String selfSigned =
        HandSigned.by(emulator, SA1, 1777888800)
            .with("iss", "https://accounts.google.com")
            .with("aud", "orders")
            .rs256();
    String revoked = accessToken(CLOUD_PLATFORM);
    admin.post("/v1/" + name(SA2) + ":disable", "{}");
    for (String query :
        List.of(
            "",
            "?access_token=ya29.unknown",
            "?access_token=" + revoked,
            "?access_token=" + ci.federated(),
            "?id_token=x",
            "?id_token=" + selfSigned)) {
      for (String path : List.of("/tokeninfo", "/oauth2/v1/tokeninfo")) {
        assertInvalid(
            path + query, "{\"error\":\"invalid_token\",\"error_description\":\"Invalid Value\"}");
      }
      for (String path : List.of("/oauth2/v2/tokeninfo", "/oauth2/v3/tokeninfo")) {
        assertInvalid(path + query, "{\"error_description\":\"Invalid Value\"}");
      }
    }
  }

  @Test
  void token_afterItsExpiry_isInvalid() {
    String access = accessToken(CLOUD_PLATFORM);
    String identity = idToken();
    clock.advance(Duration.ofHours(1));
    for (String query : Set.of("?access_token=" + access, "?id_token=" + identity)) {
      assertThat(anonymous.get("/tokeninfo" + query).statusCode()).isEqualTo(400);
    }
  }

  @Test
  void parameterTwice_isRefused() {
    HttpResponse<String> refused = anonymous.get("/tokeninfo?access_token=a&access_token=b");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(json(refused))
        .isEqualTo(
            json(
                """
                {"error": "invalid_request", "error_description":
                 "OAuth 2 parameters can only have a single value: access_token"}
                """));
  }

  private void assertInvalid(String path, String body) {
    HttpResponse<String> response = anonymous.get(path);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).as(path).isEqualTo(body);
  }

  private String accessToken(String scope) {
    String request = "{\"scope\":[\"" + scope + "\"]}";
    return Wire.json(
            Wire.as(emulator, member(SA1))
                .post("/v1/" + name(SA2) + ":generateAccessToken", request))
        .get("accessToken")
        .getAsString();
  }

  private String idToken() {
    return Wire.json(
            Wire.as(emulator, member(SA1))
                .post(
                    "/v1/" + name(SA2) + ":generateIdToken",
                    "{\"audience\":\"orders\",\"includeEmail\":true}"))
        .get("token")
        .getAsString();
  }

  private JsonObject refreshed(JsonObject file) {
    return json(
        anonymous.form(
            "/token",
            Map.of(
                "grant_type", "refresh_token",
                "client_id", file.get("client_id").getAsString(),
                "client_secret", file.get("client_secret").getAsString(),
                "refresh_token", file.get("refresh_token").getAsString())));
  }

  private HttpResponse<String> post(String path) {
    return anonymous.send("POST", path, BodyPublishers.noBody(), "application/json");
  }

  private static JsonObject json(HttpResponse<String> response) {
    return Wire.json(response);
  }

  private static JsonObject json(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }
}
