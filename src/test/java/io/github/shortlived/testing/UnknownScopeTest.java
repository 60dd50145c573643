package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.cloud.iam.credentials.v1.GenerateAccessTokenRequest;
import com.google.cloud.iam.credentials.v1.IamCredentialsClient;
import io.github.shortlived.testing.Clients.Transport;
import io.github.shortlived.testing.internal.oauth.JwtBearerGrant;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A scope that no Google API has is refused, as a typing error is on Google. */
class UnknownScopeTest {
  private static final String AUTH = "https://www.googleapis.com/auth/";
  private static final String NEW = AUTH + "new-api.readonly";
  private static final String MACHINE_TOKEN =
      "/computeMetadata/v1/instance/service-accounts/default/token?scopes=";

  private final IamEmulator emulator =
      Demo.world()
          .binding(SA2, TOKEN_CREATOR, member(SA1))
          .metadataServiceAccount(SA1)
          .oauthScope(NEW)
          .start();

  @AfterEach
  void stop() {
    emulator.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cloud-platform",
        AUTH + "cloud-plattform",
        AUTH + "cloud_platform",
        AUTH + "cloud-platform/",
        AUTH + "CLOUD-PLATFORM",
        AUTH + "devstorage.readonly",
        AUTH + "secretmanager",
        AUTH,
        "https://www.googleapis.com/cloud-platform",
        "https://example.com/auth/cloud-platform",
        "email profile",
        "nonsense"
      })
  void scope_ofNoApi_isRefusedEverywhere(String scope) {
    HttpResponse<String> generated = generate(scope);
    assertThat(generated.statusCode()).isEqualTo(400);
    assertThat(Wire.error(generated).toString())
        .isEqualTo(
            "{\"code\":400,\"message\":\"Request contains an invalid argument.\","
                + "\"status\":\"INVALID_ARGUMENT\"}");
    HttpResponse<String> machine = machine(scope);
    assertThat(machine.statusCode()).isEqualTo(400);
    assertThat(machine.body()).isEqualTo("Invalid scopes.\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        CLOUD_PLATFORM,
        NEW,
        "openid",
        "email",
        "profile",
        AUTH + "userinfo.email",
        AUTH + "cloud-platform.read-only",
        AUTH + "compute.readonly",
        AUTH + "devstorage.read_only",
        AUTH + "bigquery",
        AUTH + "pubsub",
        AUTH + "datastore",
        AUTH + "firebase.messaging",
        AUTH + "firebase.database",
        AUTH + "firebase.remoteconfig",
        AUTH + "maps-platform.routespreferred",
        AUTH + "datastudio",
        AUTH + "sqlservice.login",
        AUTH + "logging.write",
        AUTH + "trace.append",
        AUTH + "servicecontrol",
        AUTH + "service.management.readonly",
        AUTH + "accounts.reauth",
        AUTH + "appengine.apis",
        AUTH + "spreadsheets",
        AUTH + "gmail.send",
        AUTH + "calendar",
        AUTH + "drive.file",
        AUTH + "admin.directory.user.readonly",
        AUTH + "adwords",
        AUTH + "androidpublisher",
        AUTH + "youtube",
        AUTH + "analytics.readonly",
        "https://mail.google.com/",
        "https://www.google.com/m8/feeds/"
      })
  void scope_ofAnApi_isAcceptedEverywhere(String scope) {
    assertThat(generate(scope).statusCode()).isEqualTo(200);
    assertThat(machine(scope).statusCode()).isEqualTo(200);
    assertThat(exchange(scope).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void client_withATypingError_getsGooglesError(Transport transport) throws IOException {
    try (IamCredentialsClient sa1 =
        Clients.iamCredentials(emulator, emulator.googleCredentials(member(SA1)), transport)) {
      Refused refused =
          Refused.by(
              () ->
                  sa1.generateAccessToken(
                      GenerateAccessTokenRequest.newBuilder()
                          .setName(name(SA2))
                          .addScope(CLOUD_PLATFORM)
                          .addScope(AUTH + "compute.read-only")
                          .build()));
      assertThat(refused.code().name()).isEqualTo("INVALID_ARGUMENT");
      assertThat(refused.message()).endsWith("Request contains an invalid argument.");
    }
    assertThat(emulator.calls().get(0).reasons())
        .containsExactly(
            "\"https://www.googleapis.com/auth/compute.read-only\" is not a scope of a known Google"
                + " API: correct it, or declare it with oauthScope(..), in JSON under"
                + " \"oauthScopes\"",
            "Request contains an invalid argument.");
  }

  @Test
  void tokenEndpoint_unknownScope_isInvalidScope() {
    assertThat(OAuthError.of(exchange(AUTH + "cloud-plattform")))
        .isEqualTo(
            new OAuthError(
                400, "invalid_scope", "Invalid OAuth scope or ID token audience provided."));
    assertThat(exchange(CLOUD_PLATFORM + " openid").statusCode()).isEqualTo(200);
  }

  @Test
  void declaration_ofUnknownScopes_isRefused() {
    EmulatorBuilder typo =
        Demo.world().domainWideDelegation(SA1, "example.com", AUTH + "gmail.sent");
    assertThatIllegalArgumentException()
        .isThrownBy(typo::start)
        .withMessage(
            "\"https://www.googleapis.com/auth/gmail.sent\" is not a scope of a known Google API:"
                + " correct it, or declare it with oauthScope(..), in JSON under \"oauthScopes\"");
    typo.worldJson("{\"oauthScopes\": [\"" + AUTH + "gmail.sent\"]}").start().close();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IamEmulator.builder().worldJson("{\"oauthScopes\": [\"gmail\"]}"))
        .withMessage(
            "$.oauthScopes[0]: \"gmail\" is not a scope: use a URL such as"
                + " https://www.googleapis.com/auth/cloud-platform");
  }

  private HttpResponse<String> generate(String scope) {
    return Wire.as(emulator, member(SA1))
        .post("/v1/" + name(SA2) + ":generateAccessToken", "{\"scope\":[\"" + scope + "\"]}");
  }

  private HttpResponse<String> machine(String scope) {
    return Wire.anonymous(emulator)
        .header("Metadata-Flavor", "Google")
        .get(MACHINE_TOKEN + scope.replace(" ", "%20"));
  }

  private HttpResponse<String> exchange(String scope) {
    HandSigned jwt =
        HandSigned.by(emulator, SA1, emulator.clock().instant().getEpochSecond())
            .with("aud", "https://oauth2.googleapis.com/token")
            .with("scope", scope);
    return Wire.anonymous(emulator)
        .form("/token", Map.of("grant_type", JwtBearerGrant.TYPE, "assertion", jwt.rs256()));
  }
}
