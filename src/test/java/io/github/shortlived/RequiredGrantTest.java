package io.github.shortlived;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequiredGrantTest {
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");
  private static final String ROLE = "roles/iam.serviceAccountTokenCreator";

  @Test
  void gcloudCommand_knownMember_canBePasted() {
    assertThat(grantTo("user:me@example.com").gcloudCommand())
        .isEqualTo(
            "gcloud iam service-accounts add-iam-policy-binding target@p.iam.gserviceaccount.com"
                + " --member=user:me@example.com --role=roles/iam.serviceAccountTokenCreator --condition=None");
  }

  @Test
  void gcloudCommand_unknownMember_leavesAGap() {
    assertThat(new RequiredGrant(TARGET, ROLE, Optional.empty()).gcloudCommand())
        .isEqualTo(
            "gcloud iam service-accounts add-iam-policy-binding target@p.iam.gserviceaccount.com"
                + " --member=MEMBER --role=roles/iam.serviceAccountTokenCreator --condition=None");
  }

  @Test
  void gcloudCommand_memberWithShellCharacters_quotesIt() {
    assertThat(grantTo("serviceAccount:p.svc.id.goog[namespace/account]").gcloudCommand())
        .contains(" --member='serviceAccount:p.svc.id.goog[namespace/account]' ");
  }

  @Test
  void gcloudCommand_memberWithQuote_cannotBreakOut() {
    assertThat(grantTo("principal://pool/o'neill;ls").gcloudCommand())
        .contains(" --member='principal://pool/o'\\''neill;ls' ");
  }

  @Test
  void toString_grant_saysItInWords() {
    assertThat(grantTo("user:me@example.com"))
        .hasToString(
            "roles/iam.serviceAccountTokenCreator on target@p.iam.gserviceaccount.com for"
                + " user:me@example.com");
  }

  private static RequiredGrant grantTo(String member) {
    return new RequiredGrant(TARGET, ROLE, Optional.of(Member.of(member)));
  }
}
