package io.github.shortlived.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyChangeTest {
  private static final Binding BINDING =
      new Binding(
          ServiceAccount.of("target@p.iam.gserviceaccount.com"),
          "roles/iam.serviceAccountTokenCreator",
          Member.of("user:me@example.com"));

  @ParameterizedTest
  @CsvSource({"ADDED, +", "REMOVED, -", "UNCHANGED, ="})
  void toString_everyKind_isOneLineWithItsSign(Kind kind, String sign) {
    assertThat(new PolicyChange(kind, BINDING))
        .hasToString(
            sign
                + " roles/iam.serviceAccountTokenCreator on target@p.iam.gserviceaccount.com for"
                + " user:me@example.com");
  }

  @Test
  void toString_hiddenCharacters_doNotReachTheTerminal() {
    Binding odd =
        new Binding(
            BINDING.account(),
            "roles/a\nb",
            Member.inPolicy("user:\u001b[31m\u202eme"),
            Optional.of(Condition.of("t", "a\u202e\nb")));
    assertThat(new PolicyChange(Kind.REMOVED, odd))
        .hasToString(
            "- roles/a b on target@p.iam.gserviceaccount.com for user:\\u001b[31m\\u202eme if a\\u202e b");
  }

  @ParameterizedTest
  @CsvSource({"ADDED, true", "REMOVED, true", "UNCHANGED, false"})
  void changed_everyKind_tellsWhetherThePolicyWasWritten(Kind kind, boolean changed) {
    assertThat(new PolicyChange(kind, BINDING).changed()).isEqualTo(changed);
  }
}
