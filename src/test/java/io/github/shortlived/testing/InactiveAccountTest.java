package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdTokenProvider;
import com.google.auth.oauth2.IdentityPoolCredentials;
import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.oauth.JwtBearerGrant;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests for tokens of sa-1, which may issue tokens of sa-2, while sa-1 is disabled, after it is
 * deleted, and when a new account has its name.
 */
class InactiveAccountTest {
  private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
  private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
  private static final String BOUNDARY =
      "{\"accessBoundary\":{\"accessBoundaryRules\":[{\"availableResource\":"
          + "\"//storage.googleapis.com/projects/_/buckets/reports\","
          + "\"availablePermissions\":[\"inRole:roles/storage.objectViewer\"]}]}}";
  private static final OAuthError NOT_FOUND =
      OAuthError.invalidGrant("Invalid grant: account not found");

  private final IamEmulator emulator =
      Demo.world()
          .binding(SA2, TOKEN_CREATOR, member(SA1))
          .binding(SA1, "roles/iam.serviceAccountTokenCreator", member(SA1))
          .metadataServiceAccount(SA1)
          .domainWideDelegation(SA1, "example.com", CLOUD_PLATFORM)
          .workloadIdentityPool(PROJECT, "ci-pool", "ci-provider", "https://ci.example.com")
          .binding(
              SA1,
              "roles/iam.workloadIdentityUser",
              "principalSet://iam.googleapis.com/projects/"
                  + IamEmulator.projectNumber(PROJECT)
                  + "/locations/global/workloadIdentityPools/ci-pool/*")
          .start();
  private final Wire admin = Wire.as(emulator, ADMIN);
  private final Wire anonymous = Wire.anonymous(emulator);
  private final String issued = Wire.token(emulator, member(SA1));
  private final HandSigned jwt =
      HandSigned.by(emulator, SA1, emulator.clock().instant().getEpochSecond())
          .with("aud", "https://oauth2.googleapis.com/token")
          .with("scope", CLOUD_PLATFORM);

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void metadataServer_issuesTokensOfActiveAccountsOnly() throws IOException {
    ComputeEngineCredentials machine =
        ComputeEngineCredentials.newBuilder()
            .setHttpTransportFactory(emulator.httpTransportFactory())
            .build();
    assertThat(machine.refreshAccessToken().getTokenValue()).startsWith("ya29.c.");
    disable();
    assertThatThrownBy(machine::refreshAccessToken).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> machine.idTokenWithAudience("orders", List.of()))
        .isInstanceOf(IOException.class);
    enable();
    assertThat(machine.idTokenWithAudience("orders", List.of()).getTokenValue()).isNotEmpty();
    delete();
    assertThatThrownBy(machine::refreshAccessToken).isInstanceOf(IOException.class);
    recreate();
    assertThatThrownBy(machine::refreshAccessToken).isInstanceOf(IOException.class);
  }

  @Test
  void googleCredentials_refreshForActiveAccountsOnly() throws IOException {
    GoogleCredentials attached = emulator.googleCredentials(member(SA1));
    assertThat(Clients.accessToken(attached)).startsWith("ya29.c.");
    disable();
    assertThatThrownBy(attached::refresh).hasMessageContaining(SA1 + " is disabled");
    assertThatThrownBy(() -> ((IdTokenProvider) attached).idTokenWithAudience("o", List.of()))
        .hasMessageContaining(SA1 + " is disabled");
    enable();
    attached.refresh();
    assertThat(((IdTokenProvider) attached).idTokenWithAudience("o", List.of())).isNotNull();
    delete();
    assertThatThrownBy(attached::refresh).hasMessageContaining("does not exist");
  }

  @Test
  void jwtBearer_ofAllKinds_isForActiveAccountsOnly() {
    assertThat(jwtBearer(jwt).statusCode()).isEqualTo(200);
    disable();
    assertThat(OAuthError.of(jwtBearer(jwt))).isEqualTo(NOT_FOUND);
    assertThat(OAuthError.of(jwtBearer(jwt.with("target_audience", "orders"))))
        .isEqualTo(NOT_FOUND);
    enable();
    assertThat(jwtBearer(jwt).statusCode()).isEqualTo(200);
    delete();
    assertThat(OAuthError.of(jwtBearer(jwt))).isEqualTo(NOT_FOUND);
  }

  @Test
  void selfSignedBearer_isForActiveAccountsOnly() {
    Wire selfSigned =
        anonymous.with(jwt.with("aud", "https://iamcredentials.googleapis.com/").rs256());
    assertThat(Sa2Policy.tokenStatus(selfSigned, SA2)).isEqualTo(200);
    disable();
    assertThat(Sa2Policy.tokenStatus(selfSigned, SA2)).isEqualTo(401);
    enable();
    assertThat(Sa2Policy.tokenStatus(selfSigned, SA2)).isEqualTo(200);
    delete();
    assertThat(Sa2Policy.tokenStatus(selfSigned, SA2)).isEqualTo(401);
  }

  @Test
  void tokensOfEveryOrigin_areValidForActiveAccountsOnly() {
    Wire before = anonymous.with(issued);
    Wire impersonated = anonymous.with(accessToken(Wire.as(emulator, member(SA1))));
    Wire exchanged = anonymous.with(Wire.json(jwtBearer(jwt)).get("access_token").getAsString());
    for (Wire each : List.of(before, impersonated, exchanged)) {
      assertThat(Sa2Policy.tokenStatus(each, SA2)).isEqualTo(200);
      disable();
      assertThat(Sa2Policy.tokenStatus(each, SA2)).isEqualTo(401);
      enable();
      assertThat(Sa2Policy.tokenStatus(each, SA2)).isEqualTo(200);
    }
    delete();
    for (Wire each : List.of(before, impersonated, exchanged)) {
      assertThat(Sa2Policy.tokenStatus(each, SA2)).isEqualTo(401);
    }
  }

  @Test
  void workload_impersonatesActiveAccountsOnly(@TempDir Path dir) throws IOException {
    WorkloadIdentityProvider ci =
        emulator.workloadIdentityProvider(PROJECT, "ci-pool", "ci-provider");
    Path token = Files.writeString(dir.resolve("token"), ci.subjectToken("main"));
    GoogleCredentials workload =
        IdentityPoolCredentials.fromStream(
            new ByteArrayInputStream(ci.externalAccount(token, SA1).getBytes(UTF_8)),
            emulator.httpTransportFactory());
    assertThat(Clients.accessToken(workload)).startsWith("ya29.c.");
    disable();
    assertThatThrownBy(workload::refresh).hasStackTraceContaining("FAILED_PRECONDITION");
    enable();
    workload.refresh();
    delete();
    assertThatThrownBy(workload::refresh).hasStackTraceContaining("NOT_FOUND");
  }

  @Test
  void accessBoundary_appliesToTokensOfActiveAccountsOnly() {
    assertThat(bounded(issued).statusCode()).isEqualTo(200);
    disable();
    assertThat(OAuthError.of(bounded(issued)).error()).isEqualTo("invalid_grant");
    enable();
    assertThat(bounded(issued).statusCode()).isEqualTo(200);
    delete();
    assertThat(OAuthError.of(bounded(issued)).error()).isEqualTo("invalid_grant");
  }

  /** Also uses JWTs that the system-managed key of the account signs. */
  @Test
  void successor_ofTheSameEmail_isNotAuthenticatedByTheOldKeys() {
    String signed = signedByGoogle();
    assertThat(jwtBearer(signed).statusCode()).isEqualTo(200);
    delete();
    recreate();
    assertThat(OAuthError.of(jwtBearer(signed)).description()).isEqualTo("Invalid JWT Signature.");
    assertThat(OAuthError.of(jwtBearer(jwt)).description()).isEqualTo("Invalid JWT Signature.");
    emulator.addProjectBinding(PROJECT, TOKEN_CREATOR, member(SA1));
    assertThat(jwtBearer(signedByGoogle()).statusCode()).isEqualTo(200);
  }

  @Test
  void successor_ofTheSameEmail_hasNoDelegation() {
    assertThat(jwtBearer(jwt.with("sub", "boss@example.com")).statusCode()).isEqualTo(200);
    delete();
    recreate();
    HandSigned own =
        HandSigned.by(emulator, SA1, emulator.clock().instant().getEpochSecond())
            .with("aud", "https://oauth2.googleapis.com/token")
            .with("scope", CLOUD_PLATFORM);
    assertThat(jwtBearer(own).statusCode()).isEqualTo(200);
    assertThat(OAuthError.of(jwtBearer(own.with("sub", "boss@example.com"))).error())
        .isEqualTo("unauthorized_client");
  }

  private void disable() {
    assertThat(admin.post("/v1/" + name(SA1) + ":disable", "{}").statusCode()).isEqualTo(200);
  }

  private void enable() {
    assertThat(admin.post("/v1/" + name(SA1) + ":enable", "{}").statusCode()).isEqualTo(200);
  }

  private void delete() {
    assertThat(
            admin
                .send("DELETE", "/v1/" + name(SA1), BodyPublishers.noBody(), "application/json")
                .statusCode())
        .isEqualTo(200);
  }

  private void recreate() {
    assertThat(
            admin
                .post("/v1/projects/" + PROJECT + "/serviceAccounts", "{\"accountId\":\"sa-1\"}")
                .statusCode())
        .isEqualTo(200);
  }

  private static String accessToken(Wire caller) {
    return Wire.json(
            caller.post(
                "/v1/" + name(SA1) + ":generateAccessToken",
                "{\"scope\":[\"" + CLOUD_PLATFORM + "\"]}"))
        .get("accessToken")
        .getAsString();
  }

  private String signedByGoogle() {
    JsonObject request = new JsonObject();
    request.addProperty("payload", jwt.claims.toString());
    return Wire.json(
            Wire.as(emulator, member(SA1))
                .post("/v1/" + name(SA1) + ":signJwt", request.toString()))
        .get("signedJwt")
        .getAsString();
  }

  private HttpResponse<String> jwtBearer(HandSigned assertion) {
    return jwtBearer(assertion.rs256());
  }

  private HttpResponse<String> jwtBearer(String assertion) {
    return anonymous.form(
        "/token", Map.of("grant_type", JwtBearerGrant.TYPE, "assertion", assertion));
  }

  private HttpResponse<String> bounded(String token) {
    return anonymous.form(
        "/v1/token",
        Map.of(
            "grant_type", EXCHANGE,
            "subject_token_type", ACCESS_TOKEN,
            "subject_token", token,
            "options", BOUNDARY));
  }
}
