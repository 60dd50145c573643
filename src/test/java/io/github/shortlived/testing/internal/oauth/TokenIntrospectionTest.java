package io.github.shortlived.testing.internal.oauth;

import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.member;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.shortlived.testing.Demo;
import io.github.shortlived.testing.EmulatorCall;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.TestClock;
import io.github.shortlived.testing.Wire;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What gcloud asks the Security Token Service when it logs a workload in. */
class TokenIntrospectionTest {
  private static final String INACTIVE = "{\"active\":false}";

  private final TestClock clock = TestClock.startingAt("2026-05-04T10:00:00Z");
  private final IamEmulator emulator =
      Demo.world()
          .clock(clock)
          .workloadIdentityPool(PROJECT, "ci-pool", "ci-provider", "https://ci.example.com")
          .start();
  private final Wire anonymous = Wire.anonymous(emulator);
  private final WorkloadTokens ci = new WorkloadTokens(emulator);

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void federatedToken_isActive_withTheNameOfTheWorkload() {
    String token = ci.federated();
    clock.advance(Duration.ofMinutes(10));
    JsonObject response = Wire.json(introspect(token));
    assertThat(response.remove("sub").getAsString()).matches("\\d{21}");
    String principal = ci.provider().principal("main");
    assertThat(response)
        .isEqualTo(
            JsonParser.parseString(
                """
                {"active": true, "exp": "1777892400", "iat": "1777888800",
                 "iss": "https://sts.googleapis.com/", "scope": "%s", "username": "%s"}
                """
                    .formatted(CLOUD_PLATFORM, principal)));
    EmulatorCall call = emulator.calls().get(emulator.calls().size() - 1);
    assertThat(call.method()).isEqualTo("sts.introspect");
    assertThat(call.caller()).isEqualTo(principal);
  }

  @Test
  void intermediaryToken_isActive_withTheEmailOfTheAccount() {
    Map<String, String> form = ci.form();
    form.put(
        "requested_token_type",
        "urn:ietf:params:oauth:token-type:access_boundary_intermediary_token");
    form.put("subject_token_type", "urn:ietf:params:oauth:token-type:access_token");
    form.put("subject_token", Wire.token(emulator, member(SA1)));
    String token = Wire.json(anonymous.form("/v1/token", form)).get("access_token").getAsString();
    JsonObject response = Wire.json(introspect(token));
    assertThat(response.get("active").getAsBoolean()).isTrue();
    assertThat(response.get("username").getAsString()).isEqualTo(SA1);
  }

  @Test
  void federatedToken_expired_isInactive() {
    String token = ci.federated();
    clock.advance(Duration.ofHours(1));
    assertThat(introspect(token).body()).isEqualTo(INACTIVE);
  }

  @Test
  void tokens_notOfATokenExchange_areInactive() {
    for (String token : List.of("ya29.unknown", Wire.token(emulator, member(SA1)))) {
      HttpResponse<String> response = introspect(token);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEqualTo(INACTIVE);
    }
  }

  @Test
  void request_asJson_orWithoutToken_isRead() {
    JsonObject request = new JsonObject();
    request.addProperty("token", ci.federated());
    request.addProperty("tokenTypeHint", "urn:ietf:params:oauth:token-type:access_token");
    assertThat(
            Wire.json(anonymous.post("/v1/introspect", request.toString()))
                .get("active")
                .getAsBoolean())
        .isTrue();
    HttpResponse<String> refused = anonymous.form("/v1/introspect", Map.of());
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body())
        .isEqualTo(
            "{\"error\":\"invalid_request\","
                + "\"error_description\":\"Required parameter is missing: token\"}");
  }

  @Test
  void betaPath_ofTheExchange_isServed() {
    HttpResponse<String> response = anonymous.form("/v1beta/token", ci.form());
    assertThat(response.statusCode()).isEqualTo(200);
    JsonObject body = Wire.json(response);
    assertThat(body.remove("access_token").getAsString()).startsWith("ya29.d.");
    assertThat(body)
        .isEqualTo(
            JsonParser.parseString(
                """
                {"expires_in": 3599, "token_type": "Bearer",
                 "issued_token_type": "urn:ietf:params:oauth:token-type:access_token"}
                """));
  }

  @Test
  void subjectTokenTypes_areThePublishedOnes() {
    for (String published :
        List.of(
            "urn:ietf:params:oauth:token-type:saml2",
            "urn:ietf:params:oauth:token-type:mtls",
            "urn:ietf:params:aws:token-type:aws4_request")) {
      assertThat(description("subject_token_type", published))
          .isEqualTo(
              "subject_token_type "
                  + published
                  + " is not emulated: exchange a JWT or an ID token");
    }
    assertThat(description("subject_token_type", "jwt"))
        .isEqualTo("Invalid subject_token_type: jwt");
    assertThat(
            description(
                "requested_token_type",
                "urn:ietf:params:oauth:token-type:access_boundary_intermediary_token"))
        .isEqualTo("requested_token_type must be urn:ietf:params:oauth:token-type:access_token");
  }

  /** A world has no workforce pools, whose codes and tokens this endpoint exchanges. */
  @Test
  void oauthToken_ofAWorkforcePool_isAnInvalidGrant() {
    for (Map<String, String> form :
        List.of(
            Map.of("grant_type", "authorization_code", "code", "c"),
            Map.of("grant_type", "refresh_token", "refresh_token", "1//0r"))) {
      HttpResponse<String> refused = anonymous.form("/v1/oauthtoken", form);
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body())
          .isEqualTo(
              "{\"error\":\"invalid_grant\",\"error_description\":\"Workforce pools are not"
                  + " emulated: exchange the refresh tokens of users at /token.\"}");
    }
    assertThat(anonymous.form("/v1/oauthtoken", Map.of("grant_type", "password")).body())
        .isEqualTo(
            "{\"error\":\"unsupported_grant_type\","
                + "\"error_description\":\"Invalid grant_type: password\"}");
    EmulatorCall call = emulator.calls().get(emulator.calls().size() - 1);
    assertThat(call.method()).isEqualTo("sts.oauthtoken");
  }

  private HttpResponse<String> introspect(String token) {
    return anonymous.form(
        "/v1/introspect",
        Map.of("token", token, "token_type_hint", "urn:ietf:params:oauth:token-type:access_token"));
  }

  private String description(String parameter, String value) {
    Map<String, String> form = ci.form();
    form.put(parameter, value);
    JsonObject refused = Wire.json(anonymous.form("/v1/token", form));
    assertThat(refused.get("error").getAsString()).isEqualTo("invalid_request");
    return refused.get("error_description").getAsString();
  }
}
