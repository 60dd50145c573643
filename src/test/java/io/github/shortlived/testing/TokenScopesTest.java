package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.ZONE;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.iam.credentials.v1.GenerateAccessTokenRequest;
import com.google.cloud.iam.credentials.v1.IamCredentialsClient;
import io.github.shortlived.testing.Clients.Transport;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scopes of a token limit its use, whatever permissions its caller has. */
class TokenScopesTest {
  private static final String SCOPE = "https://www.googleapis.com/auth/";

  private final IamEmulator emulator =
      Demo.world()
          .binding(SA2, TOKEN_CREATOR, member(SA1))
          .binding(SA2, TOKEN_CREATOR, member(SA2))
          .projectBinding(PROJECT, "roles/compute.viewer", member(SA2))
          .instance(PROJECT, ZONE, "vm-1")
          .start();

  @AfterEach
  void stop() {
    emulator.close();
  }

  @ParameterizedTest
  @EnumSource
  void generatedToken_hasTheRequestedScopes_andNotTheCallers(Transport transport)
      throws IOException {
    String narrow = issue(transport, SCOPE + "compute.readonly");
    assertThat(instances(narrow).statusCode()).isEqualTo(200);
    assertInsufficient(sign(narrow));
    String wide = issue(transport, CLOUD_PLATFORM);
    assertThat(instances(wide).statusCode()).isEqualTo(200);
    assertThat(sign(wide).statusCode()).isEqualTo(200);
  }

  @Test
  void iamScope_allowsIamOnly() throws IOException {
    String iam = issue(Transport.REST, SCOPE + "iam");
    assertThat(sign(iam).statusCode()).isEqualTo(200);
    assertThat(Wire.anonymous(emulator).with(iam).get("/v1/" + name(SA2)).statusCode())
        .isEqualTo(200);
    assertInsufficient(instances(iam));
  }

  @ParameterizedTest
  @ValueSource(strings = {"compute", "compute.readonly"})
  void computeScopes_allowInstancesOnly(String scope) throws IOException {
    String compute = issue(Transport.REST, SCOPE + scope);
    assertThat(instances(compute).statusCode()).isEqualTo(200);
    assertInsufficient(sign(compute));
  }

  @Test
  void otherScopes_allowNothing() throws IOException {
    String storage = issue(Transport.REST, SCOPE + "devstorage.full_control");
    assertInsufficient(instances(storage));
    assertInsufficient(sign(storage));
  }

  private String issue(Transport transport, String scope) throws IOException {
    try (IamCredentialsClient sa1 =
        Clients.iamCredentials(emulator, emulator.googleCredentials(member(SA1)), transport)) {
      return sa1.generateAccessToken(
              GenerateAccessTokenRequest.newBuilder().setName(name(SA2)).addScope(scope).build())
          .getAccessToken();
    }
  }

  private HttpResponse<String> instances(String token) {
    return Wire.anonymous(emulator)
        .with(token)
        .get("/compute/v1/projects/" + PROJECT + "/zones/" + ZONE + "/instances");
  }

  private HttpResponse<String> sign(String token) {
    return Wire.anonymous(emulator)
        .with(token)
        .post("/v1/" + name(SA2) + ":signBlob", "{\"payload\":\"YQ==\"}");
  }

  private static void assertInsufficient(HttpResponse<String> refused) {
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("ACCESS_TOKEN_SCOPE_INSUFFICIENT");
  }
}
