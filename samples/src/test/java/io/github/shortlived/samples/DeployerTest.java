package io.github.shortlived.samples;

import static io.github.shortlived.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.CredentialException;
import io.github.shortlived.Member;
import io.github.shortlived.ServiceAccount;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.testing.IamEmulator;
import org.junit.jupiter.api.Test;

// [START junit]
class DeployerTest {
  ServiceAccount caller = ServiceAccount.of("caller@my-project.iam.gserviceaccount.com");
  ServiceAccount deployer = ServiceAccount.of("deployer@my-project.iam.gserviceaccount.com");

  @Test
  void accessToken_withoutGrant_isRefused() {
    try (IamEmulator iam =
            IamEmulator.builder()
                .project("my-project")
                .serviceAccount(caller.id())
                .serviceAccount(deployer.id())
                .start();
        ShortLivedCredentials credentials = iam.credentialsFor(caller)) {

      assertThatThrownBy(() -> credentials.accessToken(deployer, CLOUD_PLATFORM))
          .isInstanceOf(CredentialException.PermissionDenied.class)
          .hasMessageContaining("--role=roles/iam.serviceAccountTokenCreator");
    }
  }

  @Test
  void accessToken_granted_isIssued() {
    try (IamEmulator iam =
            IamEmulator.builder()
                .project("my-project")
                .serviceAccount(caller.id())
                .serviceAccount(deployer.id())
                .binding(
                    deployer.id(), "roles/iam.serviceAccountTokenCreator", Member.of(caller).id())
                .start();
        ShortLivedCredentials credentials = iam.credentialsFor(caller)) {

      assertThat(credentials.accessToken(deployer, CLOUD_PLATFORM).token()).isNotBlank();
    }
  }
}
// [END junit]
