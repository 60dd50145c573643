package com.example.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.TokenSource;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.junit.CallingAs;
import io.github.shortlived.testing.junit.IamEmulatorExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.bean.override.convention.TestBean;

@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "management.endpoint.health.show-details=always")
class InventoryApplicationTest {
  private static final String APPLICATION = "inventory@my-project.iam.gserviceaccount.com";
  private static final String DEPLOYER = "deployer@my-project.iam.gserviceaccount.com";

  @RegisterExtension
  static final IamEmulatorExtension iam =
      IamEmulatorExtension.create(
          world ->
              world
                  .project("my-project")
                  .serviceAccount(APPLICATION)
                  .serviceAccount(DEPLOYER)
                  .binding(
                      DEPLOYER,
                      "roles/iam.serviceAccountTokenCreator",
                      "serviceAccount:" + APPLICATION)
                  .projectBinding("my-project", "roles/owner", "user:admin@example.com")
                  .projectBinding("my-project", "roles/viewer", "serviceAccount:" + DEPLOYER));

  @TestBean ShortLivedCredentials.Builder credentialsBuilder;
  @Autowired TokenSource<AccessToken> tokens;
  @LocalServerPort int port;

  /** Calls the emulator, as the service account of the application. */
  static ShortLivedCredentials.Builder credentialsBuilder() {
    return ShortLivedCredentials.builder()
        .source(iam.emulator().googleCredentials("serviceAccount:" + APPLICATION))
        .endpoints(iam.emulator().endpoints())
        .clock(iam.emulator().clock());
  }

  @DynamicPropertySource
  static void useTheEmulatorsUrl(DynamicPropertyRegistry properties) {
    properties.add(
        "inventory.accounts",
        () -> iam.emulator().httpEndpoint() + "/v1/projects/my-project/serviceAccounts");
  }

  /** The parameter resets the emulator for this test; the application still has its old token. */
  @BeforeEach
  void dropToken(IamEmulator emulator) {
    tokens.invalidate(tokens.get());
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri = URI.create("http://localhost:" + port + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  @Test
  void accounts_granted_areListed() throws Exception {
    assertThat(get("/accounts").body())
        .isEqualTo("[\"%s\",\"%s\"]".formatted(DEPLOYER, APPLICATION));
  }

  private static long tokensIssued() {
    return iam.emulator().calls().stream()
        .filter(call -> call.method().equals("generateAccessToken"))
        .count();
  }

  @Test
  void health_granted_isUpWithOneCallForTwoChecks() throws Exception {
    long before = tokensIssued();
    get("/actuator/health");
    HttpResponse<String> health = get("/actuator/health");
    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(health.body()).contains("\"credentials\":{").contains("\"expires\":");
    assertThat(tokensIssued() - before).isEqualTo(1);
  }

  @Test
  void health_withoutGrant_isDownAndNamesTheGrant(
      @CallingAs("user:admin@example.com") ShortLivedCredentials admin) throws Exception {
    try (Grants grants = Grants.using(admin)) {
      Member application = Member.of(ServiceAccount.of(APPLICATION));
      grants.planRevokeEverything(application, ServiceAccount.of(DEPLOYER)).apply();
    }
    HttpResponse<String> health = get("/actuator/health");
    assertThat(health.statusCode()).isEqualTo(503);
    assertThat(health.body()).contains("--role=roles/iam.serviceAccountTokenCreator");
  }

  @Test
  void metrics_afterACall_countIt() throws Exception {
    get("/accounts");
    assertThat(get("/actuator/metrics/shortlived.credentials.issue").body())
        .contains("\"outcome\"", "success");
  }
}
