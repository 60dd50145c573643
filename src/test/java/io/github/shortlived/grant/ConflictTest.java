package io.github.shortlived.grant;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.DemoProject;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.internal.policy.EmulatedPolicies;
import io.github.shortlived.model.CredentialException.Conflict;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Writes by others between the read and the write of an edit. */
class ConflictTest {
  private static final CrossAccountGrant DIRECT = CrossAccountGrant.tokenCreator(CALLER).on(TARGET);
  private static final RetryPolicy QUICK =
      new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofSeconds(30), true);

  private final DemoProject demo = new DemoProject();
  private final OvertakenPolicies policies = new OvertakenPolicies(demo);

  @AfterEach
  void close() {
    policies.close();
    demo.close();
  }

  @Test
  void apply_overtakenTwice_readsAgainAndLosesNothing() throws Exception {
    policies.overtakes = 2;
    Grants grants = grants(QUICK);
    grants.apply(DIRECT);
    assertThat(policies.reads).isEqualTo(3);
    assertThat(policies.read(TARGET, EmulatedPolicies.DEADLINE).getBindings(0).getMembersList())
        .containsExactly(
            "user:rival-2@example.com", "user:rival-1@example.com", "serviceAccount:" + CALLER);
  }

  @Test
  void apply_overtakenWithoutRetries_isAConflict() {
    policies.overtakes = 1;
    Grants grants = grants(RetryPolicy.none());
    assertThatThrownBy(() -> grants.apply(DIRECT))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("There were concurrent policy changes.")
        .hasMessageContaining(" (ABORTED) Given up after 1 attempt in ");
  }

  @Test
  void apply_responseOfTheWriteLost_findsItsOwnChange() throws Exception {
    policies.lostResponses = 1;
    Grants grants = grants(QUICK);
    assertThat(grants.apply(DIRECT)).extracting(PolicyChange::kind).containsExactly(Kind.ADDED);
    assertThat(policies.read(TARGET, EmulatedPolicies.DEADLINE).getBindingsCount()).isEqualTo(1);
  }

  @Test
  void hold_responseOfTheWriteLost_isRevokedOnClose() throws Exception {
    policies.lostResponses = 1;
    grants(QUICK).hold(DIRECT).close();
    assertNobodyGranted();
  }

  @Test
  void hold_responseLost_rollsBackWhatMayBeInPlace() throws Exception {
    policies.lostResponses = 1;
    Grants grants = grants(RetryPolicy.none());
    assertThatThrownBy(() -> grants.hold(DIRECT)).isInstanceOf(Unavailable.class);
    assertNobodyGranted();
  }

  @Test
  void rollBack_answerLostForGood_takesBackWhatMayBeInPlace() throws Exception {
    policies.lostResponses = 1;
    GrantPlan plan = grants(RetryPolicy.none()).plan(DIRECT);
    assertThatThrownBy(plan::apply)
        .isInstanceOf(Unavailable.class)
        .hasMessageEndingWith(
            "\nPossibly made, because the response was lost:\n  "
                + "+ roles/iam.serviceAccountTokenCreator on %s for serviceAccount:%s\nSee https://shortlived.github.io/short-lived-credentials/troubleshooting.html#service-unavailable."
                    .formatted(TARGET, CALLER));
    plan.rollBack();
    assertNobodyGranted();
  }

  @Test
  void apply_permanentConflict_reportsNoLostResponse() {
    policies.overtakes = 1;
    Grants grants = grants(RetryPolicy.none());
    assertThatThrownBy(() -> grants.apply(DIRECT)).message().doesNotContain("Perhaps");
  }

  private void assertNobodyGranted() throws Exception {
    assertThat(policies.read(TARGET, EmulatedPolicies.DEADLINE).getBindingsList()).isEmpty();
  }

  private Grants grants(RetryPolicy retryPolicy) {
    return policies.grants(retryPolicy);
  }
}
