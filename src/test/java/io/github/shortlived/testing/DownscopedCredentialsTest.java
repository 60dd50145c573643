package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.ZONE;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.CredentialAccessBoundary;
import com.google.auth.oauth2.CredentialAccessBoundary.AccessBoundaryRule;
import com.google.auth.oauth2.DownscopedCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.gson.JsonObject;
import io.github.shortlived.model.BoundaryExamples;
import io.github.shortlived.testing.internal.json.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tokens with a credential access boundary. */
class DownscopedCredentialsTest {
  private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
  private static final String BUCKET = "//storage.googleapis.com/projects/_/buckets/reports";
  private static final String ROLE = "inRole:roles/storage.objectViewer";
  private static final String RULE = rule(BUCKET, ROLE);

  private final TestClock clock = TestClock.startingAt("2026-05-04T10:00:00Z");
  private final IamEmulator emulator =
      Demo.world()
          .clock(clock)
          .projectBinding(PROJECT, "roles/compute.viewer", member(SA1))
          .instance(PROJECT, ZONE, "vm-1")
          .start();
  private final String token = Wire.token(emulator, member(SA1));

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void googleAuth_downscoped_hasNoPermissionOutsideItsBoundary() throws IOException {
    String downscoped = downscoped(emulator.googleCredentials(member(SA1))).getTokenValue();
    assertThat(downscoped).isNotEqualTo(token);
    assertThat(list(token)).isEqualTo(200);
    assertThat(list(downscoped)).isEqualTo(403);
    List<EmulatorCall> calls = emulator.calls();
    EmulatorCall call = calls.get(calls.size() - 1);
    assertThat(call.caller()).isEqualTo(member(SA1));
    assertThat(call.reasons().get(0)).endsWith("within its credential access boundary");
  }

  @Test
  void downscoped_ofAnOwner_isDenied_andHasNoPermission() throws IOException {
    String own = Wire.token(emulator, ADMIN);
    String bounded = downscoped(emulator.googleCredentials(ADMIN)).getTokenValue();
    for (String bearer : List.of(own, bounded)) {
      int status = bearer.equals(own) ? 200 : 403;
      Wire wire = Wire.anonymous(emulator).with(bearer);
      assertThat(wire.get("/v1/" + name(SA1)).statusCode()).isEqualTo(status);
      String request = "{\"permissions\":[\"iam.serviceAccounts.get\"]}";
      assertThat(wire.post("/v1/" + name(SA1) + ":testIamPermissions", request).body())
          .matches(body -> body.contains("iam.serviceAccounts.get") == bearer.equals(own));
    }
    HttpResponse<String> refused = Wire.anonymous(emulator).with(bounded).get("/v1/" + name(SA1));
    assertThat(refused.body()).contains("IAM_PERMISSION_DENIED", "iam.serviceAccounts.get");
  }

  /** Google documents that a token with a boundary gets no second one. */
  @Test
  void downscoped_again_isRefused() {
    String once = Wire.json(exchange(token, options(RULE))).get("access_token").getAsString();
    assertThat(OAuthError.of(exchange(once, options(RULE))))
        .isEqualTo(OAuthError.invalidRequest("The subject token already has an access boundary."));
  }

  @Test
  void googleAuth_sourceOfAnotherEmulator_isRefused() {
    GoogleCredentials unknown =
        GoogleCredentials.create(AccessToken.newBuilder().setTokenValue("ya29.unknown").build());
    assertThatThrownBy(() -> downscoped(unknown))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("invalid_grant");
  }

  @Test
  void copy_expiresWithItsOriginal() {
    clock.advance(Duration.ofMinutes(30));
    JsonObject response = Wire.json(exchange(token, options(RULE)));
    String copy = response.remove("access_token").getAsString();
    assertThat(response.toString())
        .isEqualTo(
            "{\"issued_token_type\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":1800}"
                .formatted(ACCESS_TOKEN));
    clock.advance(Duration.ofMinutes(29));
    assertThat(list(copy)).isEqualTo(403);
    clock.advance(Duration.ofMinutes(1));
    assertThat(list(copy)).isEqualTo(401);
    assertThat(OAuthError.of(exchange(token, options(RULE))).error()).isEqualTo("invalid_grant");
  }

  @Test
  void copy_ofAUsersToken_hasNoLifetimeInTheResponse() {
    JsonObject response = Wire.json(exchange(Wire.token(emulator, ADMIN), options(RULE)));
    assertThat(response.keySet())
        .containsExactlyInAnyOrder("access_token", "issued_token_type", "token_type");
  }

  @Test
  void boundary_ofAnInvalidPart_isNamed() {
    assertProblem("", "accessBoundaryRules must have 1 to 10 rules");
    BoundaryExamples.otherResources()
        .forEach(
            resource ->
                assertProblem(
                    rule(resource, ROLE),
                    "availableResource must be"
                        + " //storage.googleapis.com/projects/_/buckets/BUCKET"));
    BoundaryExamples.otherPermissions()
        .forEach(
            permission ->
                assertProblem(
                    rule(BUCKET, permission),
                    "availablePermissions must be inRole:roles/ROLE or the name of a custom role"
                        + " after inRole:"));
    assertProblem(withCondition("{}"), "availabilityCondition must have an expression");
  }

  /** The library accepts the same forms. */
  @Test
  void boundary_bucketsAndRoles_areAccepted() {
    BoundaryExamples.buckets().forEach(bucket -> assertAccepted(rule(bucket, ROLE)));
    BoundaryExamples.roles().forEach(role -> assertAccepted(rule(BUCKET, role)));
  }

  @Test
  void condition_ofABoundary_mustCompile() {
    for (String valid :
        List.of(
            "resource.name.startsWith('projects/_/buckets/b/objects/a')",
            "api.getAttribute('storage.googleapis.com/objectListPrefix', '').startsWith('a')",
            "resource.name.startsWith('projects/_/buckets/b/objects/a') ||"
                + " api.getAttribute('storage.googleapis.com/objectListPrefix', '')"
                + ".startsWith('a')")) {
      HttpResponse<String> response = exchange(token, options(withExpression(valid)));
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }
    for (String invalid :
        List.of("resource.name.startsWith(", "resource.title == 'a'", "'text'", "resource.name")) {
      OAuthError error = OAuthError.of(exchange(token, options(withExpression(invalid))));
      assertThat(error.status()).isEqualTo(400);
      assertThat(error.error()).isEqualTo("invalid_request");
      assertThat(error.description())
          .startsWith("The condition of the access boundary is invalid: ");
    }
  }

  private void assertAccepted(String rule) {
    assertThat(exchange(token, options(rule)).statusCode()).as(rule).isEqualTo(200);
  }

  private void assertProblem(String rules, String problem) {
    assertThat(OAuthError.of(exchange(token, options(rules))))
        .isEqualTo(
            OAuthError.invalidRequest("The access boundary in options is invalid: " + problem));
  }

  private static String rule(String resource, String permission) {
    return Json.tree(
            Map.of("availableResource", resource, "availablePermissions", List.of(permission)))
        .toString();
  }

  private static String withExpression(String expression) {
    return withCondition("{\"title\":\"t\",\"expression\":\"" + expression + "\"}");
  }

  private static String withCondition(String condition) {
    return "{\"availabilityCondition\":" + condition + "," + RULE.substring(1);
  }

  @Test
  void boundary_missingOrMalformed_isInvalidRequest() {
    assertThat(exchange(token, options(RULE)).statusCode()).isEqualTo(200);
    String elsewhere = RULE.replace("storage.googleapis.com", "compute.googleapis.com");
    String powerless = RULE.replace("\"inRole:roles/storage.objectViewer\"", "");
    String eleven = String.join(",", java.util.Collections.nCopies(11, RULE));
    for (String options :
        new String[] {
          "",
          "{",
          "{}",
          "{\"accessBoundary\":[]}",
          options(""),
          options("1"),
          options(elsewhere),
          options(powerless),
          options(eleven)
        }) {
      assertThat(OAuthError.of(exchange(token, options)).error())
          .as(options)
          .isEqualTo("invalid_request");
    }
  }

  private AccessToken downscoped(GoogleCredentials source) throws IOException {
    AccessBoundaryRule rule =
        AccessBoundaryRule.newBuilder()
            .setAvailableResource(BUCKET)
            .addAvailablePermission(ROLE)
            .build();
    return DownscopedCredentials.newBuilder()
        .setSourceCredential(source)
        .setCredentialAccessBoundary(CredentialAccessBoundary.newBuilder().addRule(rule).build())
        .setHttpTransportFactory(emulator.httpTransportFactory())
        .build()
        .refreshAccessToken();
  }

  private int list(String bearer) {
    return Wire.anonymous(emulator)
        .with(bearer)
        .get("/compute/v1/projects/" + PROJECT + "/zones/" + ZONE + "/instances")
        .statusCode();
  }

  private static String options(String rules) {
    return "{\"accessBoundary\":{\"accessBoundaryRules\":[" + rules + "]}}";
  }

  private HttpResponse<String> exchange(String subjectToken, String options) {
    return Wire.anonymous(emulator)
        .form(
            "/v1/token",
            Map.of(
                "grant_type", "urn:ietf:params:oauth:grant-type:token-exchange",
                "requested_token_type", ACCESS_TOKEN,
                "subject_token_type", ACCESS_TOKEN,
                "subject_token", subjectToken,
                "scope", CLOUD_PLATFORM,
                "options", options));
  }
}
