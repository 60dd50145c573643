package io.github.shortlived.grant;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.NastyTexts;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerraformLabelTest {
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");
  private static final Member ME = Member.of("user:me@example.com");

  @ParameterizedTest
  @CsvSource({
    "user:first.last@example.com, first_last",
    "serviceAccount:sa-1@p.iam.gserviceaccount.com, sa_1",
    "serviceAccount:p.svc.id.goog[space/app], app",
    "domain:example.com, example_com",
    "allAuthenticatedUsers, allauthenticatedusers",
    "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/subject/o'x, o_x",
    "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/*, pool",
    "deleted:user:me@example.com?uid=1, me",
  })
  void label_member_isReadable(String member, String name) {
    assertThat(label(TARGET, "roles/iam.serviceAccountUser", Member.inPolicy(member)))
        .matches("target_service_account_user_" + name + "_[0-9a-f]{8}");
  }

  @Test
  void label_nameInAnotherScript_stillIsALabel() {
    assertThat(label(TARGET, "roles/x", Member.inPolicy("user:я@example.com")))
        .matches("target_x_user_[0-9a-f]{8}");
  }

  @Test
  void label_accountThatBeginsWithADigit_beginsWithAnUnderscore() {
    assertThat(label(ServiceAccount.of("103456789012345678901"), "roles/x", ME))
        .matches("_103456789012345678901_x_me_[0-9a-f]{8}");
  }

  @Test
  void label_nastyNames_areIdentifiers() {
    assertThat(NastyTexts.all())
        .extracting(text -> label(TARGET, "roles/" + text, Member.inPolicy(text)))
        .allMatch(label -> label.matches("[a-z_][a-z0-9_]*"));
  }

  @Test
  void label_sameBinding_isTheSame() {
    assertThat(label(TARGET, "roles/x", Member.inPolicy("user:mE@example.com")))
        .isEqualTo(label(TARGET, "roles/x", ME));
  }

  @Test
  void label_otherBinding_isAnother() {
    Condition condition = new Condition("t", "d", "e");
    List<Binding> bindings =
        List.of(
            new Binding(TARGET, "roles/x", ME),
            new Binding(ServiceAccount.of("target@q.iam.gserviceaccount.com"), "roles/x", ME),
            new Binding(TARGET, "roles/iam.x", ME),
            new Binding(TARGET, "roles/x", Member.of("group:me@example.com")),
            new Binding(TARGET, "roles/x", Member.inPolicy("principal://p/me")),
            new Binding(TARGET, "roles/x", Member.inPolicy("principal://p/ME")),
            conditional(condition),
            conditional(new Condition("t2", "d", "e")),
            conditional(new Condition("t", "d2", "e")),
            conditional(new Condition("t", "d", "e2")));
    Stream<String> labels = bindings.stream().map(TerraformRenderer::label);
    assertThat(labels).hasSize(10).doesNotHaveDuplicates();
  }

  private static Binding conditional(Condition condition) {
    return new Binding(TARGET, "roles/x", ME, Optional.of(condition));
  }

  private static String label(ServiceAccount account, String role, Member member) {
    return TerraformRenderer.label(new Binding(account, role, member));
  }
}
