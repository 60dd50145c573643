package io.github.shortlived;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.PROJECT;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.Scopes.CLOUD_PLATFORM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.ExternalAccountCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.rpc.Code;
import io.github.shortlived.testing.EmulatorFaults;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.WorkloadIdentityProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults while the source token is fetched, from each place that has some. */
class SourceFaultsTest {
  private static final RetryPolicy QUICK =
      new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMinutes(1), true);
  private static final String TOKEN_CREATOR = "roles/iam.serviceAccountTokenCreator";

  private final IamEmulator emulator =
      IamEmulator.builder()
          .project(PROJECT)
          .serviceAccount(CALLER.id())
          .serviceAccount(TARGET.id())
          .binding(TARGET.id(), TOKEN_CREATOR, Member.of(CALLER).id())
          .metadataServiceAccount(CALLER.id())
          .workloadIdentityPool(PROJECT, "ci-pool", "ci-provider", "https://ci.example.com")
          .binding(
              CALLER.id(),
              "roles/iam.workloadIdentityUser",
              "principal://iam.googleapis.com/projects/"
                  + IamEmulator.projectNumber(PROJECT)
                  + "/locations/global/workloadIdentityPools/ci-pool/subject/main")
          .start();

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void accessToken_keyThroughFaultsOfTheTokenEndpoint_isIssued() throws Exception {
    String key = emulator.serviceAccountKey(CALLER.id());
    assertIssuedThroughFaults(
        "token",
        GoogleCredentials.fromStream(
            new ByteArrayInputStream(key.getBytes(UTF_8)), emulator.httpTransportFactory()));
  }

  @Test
  void accessToken_machineThroughFaultsOfTheMetadataServer_isIssued() {
    assertIssuedThroughFaults(
        "metadata",
        ComputeEngineCredentials.newBuilder()
            .setHttpTransportFactory(emulator.httpTransportFactory())
            .build());
  }

  @Test
  void accessToken_workloadThroughFaultsOfTheTokenService_isIssued(@TempDir Path dir)
      throws Exception {
    assertIssuedThroughFaults("sts.token", workload(dir));
  }

  @Test
  void accessToken_workloadThroughFaultsOfItsImpersonation_isIssued(@TempDir Path dir)
      throws Exception {
    assertIssuedThroughFaults("generateAccessToken", workload(dir));
  }

  private GoogleCredentials workload(Path dir) throws IOException {
    WorkloadIdentityProvider ci =
        emulator.workloadIdentityProvider(PROJECT, "ci-pool", "ci-provider");
    Path token = dir.resolve("token");
    Files.writeString(token, ci.subjectToken("main"));
    String file = ci.externalAccount(token, CALLER.id());
    return ExternalAccountCredentials.fromStream(
        new ByteArrayInputStream(file.getBytes(UTF_8)), emulator.httpTransportFactory());
  }

  private void assertIssuedThroughFaults(String method, GoogleCredentials source) {
    try (ShortLivedCredentials credentials =
        ShortLivedCredentials.builder()
            .source(source)
            .endpoints(emulator.endpoints())
            .retryPolicy(QUICK)
            .build()) {
      EmulatorFaults faults = emulator.faults();
      faults.on(method).times(1).fail(Code.UNAVAILABLE);
      faults.on(method).times(1).fail(Code.RESOURCE_EXHAUSTED);
      faults.on(method).times(1).fail(Code.INTERNAL);
      faults.on(method).times(2).dropConnection(); // the JDK repeats the first on its own
      faults.on(method).times(1).malformBody();
      assertThat(credentials.accessToken(TARGET, CLOUD_PLATFORM).token()).startsWith("ya29.");
    }
    assertThat(emulator.calls())
        .filteredOn(call -> call.method().equals(method))
        .hasSizeGreaterThan(5);
  }
}
