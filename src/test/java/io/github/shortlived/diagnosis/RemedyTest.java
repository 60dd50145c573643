package io.github.shortlived.diagnosis;

import static io.github.shortlived.DemoProject.DELEGATE_1;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.internal.text.IamRoles.OPEN_ID_TOKEN_CREATOR;
import static io.github.shortlived.internal.text.IamRoles.TOKEN_CREATOR;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RemedyTest {
  private static final Optional<Member> ME = Optional.of(Member.of("user:me@example.com"));

  private static String java(RequiredGrant... grants) {
    return Remedy.granting("grant it", List.of(grants)).java().orElseThrow();
  }

  @Test
  void java_eitherRole_appliesTheGrant() {
    assertThat(java(new RequiredGrant(TARGET, TOKEN_CREATOR, ME)))
        .isEqualTo(
            "grants.apply(CrossAccountGrant.tokenCreator(Member.of(\"user:me@example.com\"))"
                + ".on(ServiceAccount.of(\"target@demo-project.iam.gserviceaccount.com\")))");
    assertThat(java(new RequiredGrant(TARGET, OPEN_ID_TOKEN_CREATOR, ME)))
        .startsWith("grants.apply(CrossAccountGrant.openIdTokenCreator(Member.of(");
  }

  @Test
  void java_severalGrants_appliesEach() {
    assertThat(
            java(
                new RequiredGrant(DELEGATE_1, TOKEN_CREATOR, ME),
                new RequiredGrant(TARGET, TOKEN_CREATOR, Optional.of(Member.of(DELEGATE_1)))))
        .containsSubsequence(
            "grants.apply(CrossAccountGrant.tokenCreator(Member.of(\"user:me@example.com\"))",
            "; grants.apply(CrossAccountGrant.tokenCreator(Member.of(\"serviceAccount:delegate-1@");
  }

  @Test
  void java_memberWithQuotes_isEscaped() {
    Member quoted = Member.inPolicy("principal://pool/subject/a\"b\\c");
    assertThat(java(new RequiredGrant(TARGET, TOKEN_CREATOR, Optional.of(quoted))))
        .contains("Member.of(\"principal://pool/subject/a\\\"b\\\\c\"))");
  }
}
