package io.github.shortlived.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.policy.Binding;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  void javaExpression_tokenCreator_isOfThisGrant() {
    RequiredGrant grant = grantTo("serviceAccount:caller@p.iam.gserviceaccount.com");
    CrossAccountGrant written =
        CrossAccountGrant.tokenCreator(Member.of("serviceAccount:caller@p.iam.gserviceaccount.com"))
            .on(ServiceAccount.of("target@p.iam.gserviceaccount.com"));

    assertThat(grant.javaExpression())
        .isEqualTo(
            "CrossAccountGrant.tokenCreator(Member.of(\"serviceAccount:caller@p.iam.gserviceaccount.com\"))"
                + ".on(ServiceAccount.of(\"target@p.iam.gserviceaccount.com\"))");
    assertThat(written.bindings())
        .containsExactly(new Binding(TARGET, ROLE, grant.member().orElseThrow()));
  }

  @ParameterizedTest
  @CsvSource({
    "roles/iam.serviceAccountOpenIdTokenCreator, openIdTokenCreator(",
    "roles/iam.workloadIdentityUser, workloadIdentityUser(",
    "roles/iam.serviceAccountAdmin, 'role(\"roles/iam.serviceAccountAdmin\", '"
  })
  void javaExpression_otherRole_namesIt(String role, String call) {
    assertThat(
            new RequiredGrant(TARGET, role, Optional.of(Member.of("user:me@example.com")))
                .javaExpression())
        .isEqualTo(
            "CrossAccountGrant.%sMember.of(\"user:me@example.com\"))".formatted(call)
                + ".on(ServiceAccount.of(\"target@p.iam.gserviceaccount.com\"))");
  }

  @Test
  void javaExpression_everyone_isAFactoryMethod() {
    assertThat(
            new RequiredGrant(TARGET, ROLE, Optional.of(Member.allAuthenticatedUsers()))
                .javaExpression())
        .contains(".tokenCreator(Member.allAuthenticatedUsers()).on(");
  }

  @Test
  void javaExpression_unknownMember_leavesAGap() {
    assertThat(new RequiredGrant(TARGET, ROLE, Optional.empty()).javaExpression())
        .contains(".tokenCreator(Member.of(\"MEMBER\")).on(");
  }

  @Test
  void javaExpression_memberWithQuotes_cannotBreakOut() {
    assertThat(grantTo("principal://pool/a\"b\\c").javaExpression())
        .contains("Member.of(\"principal://pool/a\\\"b\\\\c\")");
  }

  @Test
  void javaExpression_hiddenCharacters_areEscapesOfJava() {
    assertThat(grantTo("principal://pool/a\u202e\udb40\udc41b").javaExpression())
        .contains("Member.of(\"principal://pool/a\\u202e\\udb40\\udc41b\")");
  }

  @Test
  void toString_hiddenCharacters_areShown() {
    assertThat(grantTo("user:me\u3164@example.com").toString())
        .endsWith(" for user:me\\u3164@example.com");
  }

  @Test
  void toString_grant_isASentence() {
    assertThat(grantTo("user:me@example.com"))
        .hasToString(
            "roles/iam.serviceAccountTokenCreator on target@p.iam.gserviceaccount.com for"
                + " user:me@example.com");
  }

  private static RequiredGrant grantTo(String member) {
    return new RequiredGrant(TARGET, ROLE, Optional.of(Member.inPolicy(member)));
  }
}
