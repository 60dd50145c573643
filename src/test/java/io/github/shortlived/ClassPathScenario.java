package io.github.shortlived;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.account.ServiceAccounts;
import io.github.shortlived.compute.ComputeInstances;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.logging.CredentialLog;
import io.github.shortlived.metrics.CredentialMetrics;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.verify.TokenVerification;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** One call of each kind, for class loaders with other libraries. */
public final class ClassPathScenario {
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");

  private ClassPathScenario() {}

  /** Makes the call. Returns its failure as text; "created" if only the credentials are created. */
  public static String outcome(String call) {
    try (ShortLivedCredentials credentials = credentials(call)) {
      make(call.replaceFirst(" (grpc|retried)$", ""), credentials);
      return "created";
    } catch (Throwable failure) {
      return failure.getClass().getName() + ": " + failure.getMessage();
    }
  }

  private static ShortLivedCredentials credentials(String call) {
    URI nowhere = URI.create("http://127.0.0.1:1");
    ShortLivedCredentials.Builder builder =
        ShortLivedCredentials.builder()
            .source(
                GoogleCredentials.create(
                    new AccessToken("source", Date.from(Instant.parse("2100-01-01T00:00:00Z")))))
            .retryPolicy(call.endsWith(" retried") ? RetryPolicy.standard() : RetryPolicy.none())
            .endpoints(Endpoints.of(nowhere, nowhere));
    return call.endsWith(" grpc") ? builder.grpc().build() : builder.build();
  }

  private static void make(String call, ShortLivedCredentials credentials) throws Exception {
    switch (call) {
      case "access token" -> credentials.accessToken(TARGET, CLOUD_PLATFORM);
      case "ID token" -> credentials.idToken(TARGET, "https://service.example.com");
      case "JWT" -> credentials.signJwt(TARGET, JwtClaims.expiringIn(Duration.ofMinutes(5)));
      case "blob" -> credentials.signBlob(TARGET, new byte[] {1});
      case "headers" ->
          RequestHeaders.of(credentials.googleCredentials(TARGET, CLOUD_PLATFORM)).get();
      case "grants" -> Grants.using(credentials).planSweep(List.of(TARGET));
      case "accounts" -> ServiceAccounts.using(credentials).create("my-project", "my-account");
      case "instances" ->
          ComputeInstances.using(credentials, Target.self()).list("p", "us-west1-a");
      case "log" -> CredentialLog.create();
      case "metrics" -> CredentialMetrics.of(new SimpleMeterRegistry());
      case "emulator" -> IamEmulator.start().close();
      case "verification" -> TokenVerification.create().close();
      default -> {} // The credentials alone.
    }
  }
}
