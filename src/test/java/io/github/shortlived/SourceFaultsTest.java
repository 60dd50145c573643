package io.github.shortlived;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.PROJECT;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.ExternalAccountCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdentityPoolCredentialSource;
import com.google.auth.oauth2.IdentityPoolCredentials;
import com.google.rpc.Code;
import io.github.shortlived.config.CredentialConfigPolicy;
import io.github.shortlived.internal.http.BoundedTransport;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.Target;
import io.github.shortlived.testing.EmulatorFaults;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.WorkloadIdentityProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Injects faults while the source token is fetched, for each type of source. */
class SourceFaultsTest {
  private static final RetryPolicy QUICK =
      new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMinutes(1), true);
  private static final String TOKEN_CREATOR = "roles/iam.serviceAccountTokenCreator";

  private static final String FEDERATED =
      "{\"access_token\": \"federated\", \"expires_in\": 3600, \"token_type\": \"Bearer\","
          + " \"issued_token_type\": \"urn:ietf:params:oauth:token-type:access_token\"}";

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
  void accessToken_keyAndFaultyTokenEndpoint_isIssued() throws Exception {
    String key = emulator.serviceAccountKey(CALLER.id());
    assertIssuedThroughFaults(
        "token",
        GoogleCredentials.fromStream(
            new ByteArrayInputStream(key.getBytes(UTF_8)), emulator.httpTransportFactory()));
  }

  @Test
  void accessToken_defaultCredentialsAndFaultyTransport_isIssued(@TempDir Path dir)
      throws Exception {
    HttpTransportFactory wrapped = BoundedTransport.factory(emulator.httpTransportFactory());
    String key = emulator.serviceAccountKey(CALLER.id());
    assertIssuedThroughFaults(
        "token",
        GoogleCredentials.fromStream(new ByteArrayInputStream(key.getBytes(UTF_8)), wrapped));
    assertIssuedThroughFaults(
        "metadata", ComputeEngineCredentials.newBuilder().setHttpTransportFactory(wrapped).build());
    assertIssuedThroughFaults("sts.token", workload(dir, wrapped));
    assertIssuedThroughFaults("generateAccessToken", workload(dir, wrapped));
  }

  @Test
  void accessToken_machineAndFaultyMetadataServer_isIssued() {
    assertIssuedThroughFaults(
        "metadata",
        ComputeEngineCredentials.newBuilder()
            .setHttpTransportFactory(emulator.httpTransportFactory())
            .build());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|HTTP 503.",
        "[]|HTTP 503.",
        "{\"error\": {\"code\": 503, \"status\": \"UNAVAILABLE\", \"message\": \"Later.\"}}|Later."
      })
  void accessToken_malformedTokenServiceResponse_isRetried(
      String body, String message, @TempDir Path dir) throws Exception {
    FakeHttp sts = new FakeHttp().respond(503, body).respond(503, body);
    sts.respond(200, FEDERATED);
    GoogleCredentials workload = federated(dir, sts);
    ShortLivedCredentials.Builder builder =
        ShortLivedCredentials.builder().source(workload).endpoints(Endpoints.google());
    try (ShortLivedCredentials impatient = builder.retryPolicy(RetryPolicy.none()).build();
        ShortLivedCredentials patient = builder.retryPolicy(QUICK).build()) {
      assertThatThrownBy(() -> impatient.accessToken(Target.self(), CLOUD_PLATFORM))
          .isInstanceOf(CredentialException.Unavailable.class)
          .hasMessageContaining(": " + message + " (UNAVAILABLE)");
      assertThat(patient.accessToken(Target.self(), CLOUD_PLATFORM).token()).isEqualTo("federated");
    }
  }

  private static GoogleCredentials federated(Path dir, HttpTransportFactory transports)
      throws IOException {
    Path subject = Files.writeString(dir.resolve("subject"), "subject");
    return IdentityPoolCredentials.newBuilder()
        .setHttpTransportFactory(transports)
        .setAudience("//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p")
        .setSubjectTokenType("urn:ietf:params:oauth:token-type:jwt")
        .setTokenUrl("https://sts.googleapis.com/v1/token")
        .setCredentialSource(new IdentityPoolCredentialSource(Map.of("file", subject.toString())))
        .build();
  }

  @Test
  void accessToken_tokenServiceTemporarilyUnavailable_isRetried(@TempDir Path dir)
      throws Exception {
    FakeHttp sts = new FakeHttp().respond(400, "{\"error\": \"temporarily_unavailable\"}");
    sts.respond(200, FEDERATED);
    try (ShortLivedCredentials credentials =
        ShortLivedCredentials.builder()
            .source(federated(dir, sts))
            .endpoints(Endpoints.google())
            .retryPolicy(QUICK)
            .build()) {
      assertThat(credentials.accessToken(Target.self(), CLOUD_PLATFORM).token())
          .isEqualTo("federated");
    }
  }

  /** A builder that loads the workload itself keeps the response of its token service. */
  private static ShortLivedCredentials.Builder workloadOf(FakeHttp sts, Path dir)
      throws IOException {
    Path subject = Files.writeString(dir.resolve("subject"), "subject");
    return ShortLivedCredentials.builder()
        .configuration(
            """
            {"type": "external_account",
             "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p",
             "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
             "token_url": "https://sts.googleapis.com/v1/token",
             "credential_source": {"file": "%s"}}"""
                .formatted(subject),
            CredentialConfigPolicy.googleOnly().allowingFile(subject))
        .httpTransportFactory(sts)
        .retryPolicy(QUICK);
  }

  @Test
  void accessToken_htmlPageFromTheTokenService_isReportedWithoutRetry(@TempDir Path dir)
      throws Exception {
    FakeHttp sts = new FakeHttp().respond(403, "text/html", "<h1>Blocked</h1>");
    try (ShortLivedCredentials credentials = workloadOf(sts, dir).build()) {
      assertThatThrownBy(() -> credentials.accessToken(Target.self(), CLOUD_PLATFORM))
          .isInstanceOfSatisfying(
              CredentialException.SourceCredentials.class,
              failure -> assertThat(failure.httpStatus()).hasValue(403))
          .hasMessageContaining("HTTP 403: <h1>Blocked</h1>. (PERMISSION_DENIED)");
    }
    assertThat(sts.requests()).hasSize(1);
  }

  @Test
  void accessToken_tokenServiceDisabled_namesTheCommand(@TempDir Path dir) throws Exception {
    FakeHttp sts =
        new FakeHttp()
            .respond(
                403,
                """
                {"error": {"code": 403, "status": "PERMISSION_DENIED", "message": "Disabled.",
                 "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo",
                  "reason": "SERVICE_DISABLED", "metadata":
                   {"service": "sts.googleapis.com", "consumer": "projects/7"}}]}}""");
    try (ShortLivedCredentials credentials = workloadOf(sts, dir).build()) {
      assertThatThrownBy(() -> credentials.accessToken(Target.self(), CLOUD_PLATFORM))
          .isInstanceOf(CredentialException.ServiceDisabled.class)
          .hasMessageContaining("gcloud services enable sts.googleapis.com --project=7");
    }
  }

  @Test
  void accessToken_oauthErrorOfTheTokenService_isReported(@TempDir Path dir) throws Exception {
    FakeHttp sts =
        new FakeHttp()
            .respond(400, "{\"error\": \"invalid_grant\", \"error_description\": \"Expired.\"}");
    try (ShortLivedCredentials credentials = workloadOf(sts, dir).build()) {
      assertThatThrownBy(() -> credentials.accessToken(Target.self(), CLOUD_PLATFORM))
          .isInstanceOf(CredentialException.SourceCredentials.class)
          .hasMessageContaining("invalid_grant: Expired.");
    }
    assertThat(sts.requests()).hasSize(1);
  }

  @Test
  void accessToken_htmlPageOfAnOutage_isRetried(@TempDir Path dir) throws Exception {
    FakeHttp sts =
        new FakeHttp().respond(503, "text/html", "<h1>Later</h1>").respond(200, FEDERATED);
    try (ShortLivedCredentials credentials = workloadOf(sts, dir).build()) {
      assertThat(credentials.accessToken(Target.self(), CLOUD_PLATFORM).token())
          .isEqualTo("federated");
    }
  }

  @Test
  void build_transientFaultOfTheMetadataServer_findsTheUniverse() {
    FakeHttp metadata =
        new FakeHttp()
            .respond(503, "text/plain", "Later")
            .respond(200, "text/plain", "apis.example.fr");
    GoogleCredentials machine =
        ComputeEngineCredentials.newBuilder().setHttpTransportFactory(metadata).build();
    ShortLivedCredentials.builder().source(machine).retryPolicy(QUICK).build().close();

    assertThat(metadata.requests()).hasSize(2);
  }

  @Test
  void accessToken_workloadAndFaultyTokenService_isIssued(@TempDir Path dir) throws Exception {
    assertIssuedThroughFaults("sts.token", workload(dir));
  }

  @Test
  void accessToken_workloadAndFaultyImpersonation_isIssued(@TempDir Path dir) throws Exception {
    assertIssuedThroughFaults("generateAccessToken", workload(dir));
  }

  private GoogleCredentials workload(Path dir) throws IOException {
    return workload(dir, emulator.httpTransportFactory());
  }

  private GoogleCredentials workload(Path dir, HttpTransportFactory transports) throws IOException {
    WorkloadIdentityProvider ci =
        emulator.workloadIdentityProvider(PROJECT, "ci-pool", "ci-provider");
    Path token = dir.resolve("token");
    Files.writeString(token, ci.subjectToken("main"));
    String file = ci.externalAccount(token, CALLER.id());
    return ExternalAccountCredentials.fromStream(
        new ByteArrayInputStream(file.getBytes(UTF_8)), transports);
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
      faults.on(method).times(2).dropConnection(); // The JDK itself retries the first.
      faults.on(method).times(1).malformBody();
      assertThat(credentials.accessToken(TARGET, CLOUD_PLATFORM).token()).startsWith("ya29.");
    }
    assertThat(emulator.calls())
        .filteredOn(call -> call.method().equals(method))
        .hasSizeGreaterThan(5);
  }
}
