package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.junit.CallingAs;
import io.github.shortlived.testing.junit.IamEmulatorExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Shows the emulator in a few lines: a refusal, the grant, a token. */
// [START first_test]
class GrantTest {
  @RegisterExtension static final IamEmulatorExtension iam = IamEmulatorExtension.create();

  ServiceAccount sa1 = ServiceAccount.of("sa-1@demo-project.iam.gserviceaccount.com");
  ServiceAccount sa2 = ServiceAccount.of("sa-2@demo-project.iam.gserviceaccount.com");

  @Test
  void accessToken_afterTheGrant_isIssued(
      @CallingAs("sa-1") ShortLivedCredentials credentials,
      @CallingAs("user:admin@example.com") ShortLivedCredentials admin) {
    assertThatThrownBy(() -> credentials.accessToken(sa2, CLOUD_PLATFORM))
        .isInstanceOf(PermissionDenied.class);

    try (Grants grants = Grants.using(admin)) {
      grants.apply(CrossAccountGrant.tokenCreator(Member.of(sa1)).on(sa2));
    }

    assertThat(credentials.accessToken(sa2, CLOUD_PLATFORM).token()).isNotBlank();
  }
}
// [END first_test]
