package io.github.shortlived.diagnosis;

import static io.github.shortlived.DemoProject.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.model.Member;
import org.junit.jupiter.api.Test;

class JavaTextTest {
  @Test
  void applying_eitherRole_isTheCallThatMakesIt() {
    Member me = Member.of("user:me@example.com");
    assertThat(JavaText.applying(CrossAccountGrant.tokenCreator(me).on(TARGET)))
        .isEqualTo(
            "grants.apply(CrossAccountGrant.tokenCreator(Member.of(\"user:me@example.com\"))"
                + ".on(ServiceAccount.of(\"target@demo-project.iam.gserviceaccount.com\")))");
    assertThat(JavaText.applying(CrossAccountGrant.openIdTokenCreator(me).on(TARGET)))
        .startsWith("grants.apply(CrossAccountGrant.openIdTokenCreator(Member.of(");
  }

  @Test
  void applying_nastyMember_staysInItsLiteral() {
    Member nasty = Member.of("principal://pool/subject/a\"b\\c");
    assertThat(JavaText.applying(CrossAccountGrant.tokenCreator(nasty).on(TARGET)))
        .contains("Member.of(\"principal://pool/subject/a\\\"b\\\\c\"))");
  }
}
