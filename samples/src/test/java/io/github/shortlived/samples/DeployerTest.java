package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.junit.CallingAs;
import io.github.shortlived.testing.junit.IamEmulatorExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

// [START junit]
class DeployerTest {
  static final String CALLER = "caller@my-project.iam.gserviceaccount.com";
  static final String DEPLOYER = "deployer@my-project.iam.gserviceaccount.com";

  @RegisterExtension
  static final IamEmulatorExtension iam =
      IamEmulatorExtension.create(
          world ->
              world
                  .serviceAccount("stranger@my-project.iam.gserviceaccount.com")
                  .serviceAccount(CALLER)
                  .serviceAccount(DEPLOYER)
                  .binding(
                      DEPLOYER,
                      "roles/iam.serviceAccountTokenCreator",
                      "serviceAccount:" + CALLER));

  ServiceAccount deployer = ServiceAccount.of(DEPLOYER);

  @Test
  void accessToken_granted_isIssued(@CallingAs("caller") ShortLivedCredentials credentials) {
    assertThat(credentials.accessToken(deployer, CLOUD_PLATFORM).token()).isNotBlank();
  }

  @Test
  void accessToken_withoutGrant_isRefused(
      @CallingAs("stranger") ShortLivedCredentials credentials) {
    assertThatThrownBy(() -> credentials.accessToken(deployer, CLOUD_PLATFORM))
        .isInstanceOf(CredentialException.PermissionDenied.class)
        .hasMessageContaining("--role=roles/iam.serviceAccountTokenCreator");
  }
}
// [END junit]
