package io.github.shortlived.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdentityPoolCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.UserCredentials;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourceServiceTest {
  private static final UserCredentials USER =
      UserCredentials.newBuilder()
          .setClientId("id")
          .setClientSecret("secret")
          .setRefreshToken("1//refresh")
          .setTokenServerUri(URI.create("https://login.example.com/token"))
          .build();

  private final IOException any = new IOException("Broken");
  private final IOException bySource = new IOException("Unable to refresh sourceCredentials", any);

  @Test
  void of_user_isTheirTokenEndpoint() {
    assertThat(SourceService.of(USER, any))
        .isEqualTo(new ServiceMethod("login.example.com", "token"));
  }

  @Test
  void of_machine_isTheMetadataServer() {
    assertThat(SourceService.of(ComputeEngineCredentials.create(), any))
        .isEqualTo(
            new ServiceMethod(
                URI.create(ComputeEngineCredentials.getMetadataServerUrl()).getHost(), "token"));
  }

  @Test
  void of_impersonated_isIamOrWhoeverTheirOwnSourceAsks() {
    ImpersonatedCredentials impersonated =
        ImpersonatedCredentials.newBuilder()
            .setSourceCredentials(USER)
            .setTargetPrincipal("target@p.iam.gserviceaccount.com")
            .setScopes(List.of("scope"))
            .build();

    assertThat(SourceService.of(impersonated, any))
        .isEqualTo(new ServiceMethod("iamcredentials.googleapis.com", "generateAccessToken"));
    assertThat(SourceService.of(impersonated, bySource))
        .isEqualTo(new ServiceMethod("login.example.com", "token"));
  }

  @Test
  void of_workload_isTheTokenServiceOrIam() {
    String iam = "https://iamcredentials.googleapis.com/v1/x:generateAccessToken";

    GoogleCredentials impersonating = workload().setServiceAccountImpersonationUrl(iam).build();

    assertThat(SourceService.of(workload().build(), any))
        .isEqualTo(new ServiceMethod("sts.googleapis.com", "token"));
    assertThat(SourceService.of(impersonating, bySource))
        .isEqualTo(new ServiceMethod("sts.googleapis.com", "token"));
    assertThat(SourceService.of(impersonating, any))
        .isEqualTo(new ServiceMethod("iamcredentials.googleapis.com", "generateAccessToken"));
  }

  private static IdentityPoolCredentials.Builder workload() {
    return IdentityPoolCredentials.newBuilder()
        .setSubjectTokenSupplier(context -> "subject-token")
        .setAudience("//iam.googleapis.com/projects/1/x")
        .setSubjectTokenType("urn:ietf:params:oauth:token-type:jwt")
        .setTokenUrl("https://sts.googleapis.com/v1/token");
  }

  @Test
  void of_credentialsThatDoNotTell_isNull() {
    assertThat(SourceService.of(new GoogleCredentials() {}, any)).isNull();
  }
}
