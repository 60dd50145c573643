package io.github.shortlived.benchmarks;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.IamEmulator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** The measured call: sa-1 of the demo world requests an access token of sa-2. */
final class DemoCalls {
  static final String CALLER = "sa-1@demo-project.iam.gserviceaccount.com";
  static final String TARGET = "sa-2@demo-project.iam.gserviceaccount.com";
  static final String NAME = "projects/-/serviceAccounts/" + TARGET;
  static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";

  private DemoCalls() {}

  static AccessTokenRequest request() {
    return AccessTokenRequest.of(ServiceAccount.of(TARGET), SCOPE);
  }

  /** Starts the demo world with the one grant that the call needs. */
  static IamEmulator start() {
    return IamEmulator.demo()
        .binding(TARGET, "roles/iam.serviceAccountTokenCreator", "serviceAccount:" + CALLER)
        .start();
  }

  /** Returns the caller's Authorization header. */
  static String bearer(IamEmulator emulator) throws IOException {
    return "Bearer "
        + emulator
            .googleCredentials("serviceAccount:" + CALLER)
            .refreshAccessToken()
            .getTokenValue();
  }

  /** Returns a source with a fixed token, for benchmarks that do not measure the source. */
  static GoogleCredentials source() {
    Date tomorrow = Date.from(Instant.now().plus(Duration.ofDays(1)));
    return GoogleCredentials.create(
        new com.google.auth.oauth2.AccessToken("ya29.source", tomorrow));
  }

  /** Returns credentials of the library, over {@code http} or {@code grpc}. */
  static ShortLivedCredentials credentials(String transport, Endpoints endpoints) {
    ShortLivedCredentials.Builder builder = builder(endpoints);
    return transport.equals("grpc") ? builder.grpc().build() : builder.build();
  }

  static ShortLivedCredentials.Builder builder(Endpoints endpoints) {
    return ShortLivedCredentials.builder().source(source()).endpoints(endpoints);
  }

  /** Returns credentials of google-auth without the library. */
  static ImpersonatedCredentials impersonated(
      GoogleCredentials source, String target, Endpoints endpoints) {
    return ImpersonatedCredentials.newBuilder()
        .setSourceCredentials(source)
        .setTargetPrincipal(target)
        .setScopes(List.of(SCOPE))
        .setIamEndpointOverride(
            endpoints.iamCredentials()
                + "/v1/projects/-/serviceAccounts/"
                + target
                + ":generateAccessToken")
        .build();
  }
}
