package io.github.shortlived.internal.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.testing.http.MockHttpTransport;
import com.google.api.client.testing.http.MockLowLevelHttpRequest;
import com.google.api.client.testing.http.MockLowLevelHttpResponse;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdentityPoolCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.UserCredentials;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SourceEndpointTest {
  private static final UserCredentials USER =
      UserCredentials.newBuilder()
          .setClientId("id")
          .setClientSecret("secret")
          .setRefreshToken("1//refresh")
          .setTokenServerUri(URI.create("https://login.example.com/token"))
          .build();

  private static final String TOKEN =
      "{\"access_token\": \"t\", \"issued_token_type\": \"t\", \"token_type\": \"Bearer\","
          + " \"expires_in\": 3599}";
  private static final SourceEndpoint STS = new SourceEndpoint("sts.googleapis.com", "token");

  private String failing = "sts";
  private @Nullable String response;
  private final IOException any = new IOException("Broken");
  private final IOException bySource = new IOException("Unable to refresh sourceCredentials", any);

  @Test
  void of_user_isTheirTokenEndpoint() {
    assertThat(SourceEndpoint.of(USER, any))
        .isEqualTo(new SourceEndpoint("login.example.com", "token"));
  }

  @Test
  void of_machine_isTheMetadataServer() {
    assertThat(SourceEndpoint.of(ComputeEngineCredentials.create(), any))
        .isEqualTo(
            new SourceEndpoint(
                URI.create(ComputeEngineCredentials.getMetadataServerUrl()).getHost(), "token"));
  }

  @Test
  void of_impersonated_isIamOrTheServiceOfTheirSource() {
    assertThat(SourceEndpoint.of(impersonated(), any))
        .isEqualTo(new SourceEndpoint("iamcredentials.googleapis.com", "generateAccessToken"));
    assertThat(SourceEndpoint.of(impersonated(), bySource))
        .isEqualTo(new SourceEndpoint("login.example.com", "token"));
  }

  @Test
  void of_workloadRejectedByTheTokenService_isThatService() {
    response = "{\"error\": \"invalid_grant\"}";

    assertThat(called(workload().build())).isEqualTo(STS);
    assertThat(called(impersonating(workload()))).isEqualTo(STS);
  }

  @Test
  void of_workloadWithoutConnection_isTheTokenService() {
    assertThat(called(workload().build())).isEqualTo(STS);
    assertThat(called(impersonating(workload()))).isEqualTo(STS);
  }

  @Test
  void of_workloadWithoutSubjectToken_isNull() {
    IOException failure = any;
    IdentityPoolCredentials.Builder lost =
        workload()
            .setSubjectTokenSupplier(
                context -> {
                  throw failure;
                });

    assertThat(called(lost.build())).isNull();
    assertThat(called(impersonating(lost))).isNull();
  }

  @Test
  void of_workloadRejectedByIam_isIam() {
    failing = "iamcredentials";

    assertThat(called(impersonating(workload())))
        .isEqualTo(new SourceEndpoint("iamcredentials.googleapis.com", "generateAccessToken"));
  }

  @Test
  void of_timeout_isTheOnlyServiceThatIsCalled() {
    TimeoutException late = new TimeoutException();

    assertThat(SourceEndpoint.of(USER, late)).isNotNull();
    assertThat(SourceEndpoint.of(workload().build(), late)).isNull();
    assertThat(SourceEndpoint.of(impersonating(workload()), late)).isNull();
    assertThat(SourceEndpoint.of(impersonated(), late)).isNull();
  }

  private static @Nullable SourceEndpoint called(IdentityPoolCredentials source) {
    IOException failure = catchThrowableOfType(IOException.class, source::refresh);
    return SourceEndpoint.of(source, failure);
  }

  private static IdentityPoolCredentials impersonating(IdentityPoolCredentials.Builder workload) {
    return workload
        .setServiceAccountImpersonationUrl(
            "https://iamcredentials.googleapis.com/v1/x:generateAccessToken")
        .build();
  }

  /** One service responds with HTTP 400, or refuses the connection; the others issue a token. */
  private HttpTransport network() {
    return new MockHttpTransport() {
      @Override
      public LowLevelHttpRequest buildRequest(String method, String url) throws IOException {
        if (!url.contains(failing)) {
          return new MockLowLevelHttpRequest()
              .setResponse(new MockLowLevelHttpResponse().setContent(TOKEN));
        } else if (response == null) {
          throw new ConnectException("Refused");
        }
        return new MockLowLevelHttpRequest()
            .setResponse(new MockLowLevelHttpResponse().setStatusCode(400).setContent(response));
      }
    };
  }

  private IdentityPoolCredentials.Builder workload() {
    return IdentityPoolCredentials.newBuilder()
        .setHttpTransportFactory(this::network)
        .setSubjectTokenSupplier(context -> "subject-token")
        .setAudience("//iam.googleapis.com/projects/1/x")
        .setSubjectTokenType("urn:ietf:params:oauth:token-type:jwt")
        .setTokenUrl("https://sts.googleapis.com/v1/token");
  }

  private static ImpersonatedCredentials impersonated() {
    return ImpersonatedCredentials.newBuilder()
        .setSourceCredentials(USER)
        .setTargetPrincipal("target@p.iam.gserviceaccount.com")
        .setScopes(List.of("scope"))
        .build();
  }

  @Test
  void of_unknownCredentials_isNull() {
    assertThat(SourceEndpoint.of(new GoogleCredentials() {}, any)).isNull();
  }
}
