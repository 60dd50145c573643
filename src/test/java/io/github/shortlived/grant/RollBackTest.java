package io.github.shortlived.grant;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.CHAIN;
import static io.github.shortlived.DemoProject.DELEGATE_1;
import static io.github.shortlived.DemoProject.DELEGATE_2;
import static io.github.shortlived.DemoProject.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.rpc.Code;
import io.github.shortlived.DemoProject;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rolled-back plans and closed held grants: their changes are undone, those of others stay. */
class RollBackTest {
  private static final CrossAccountGrant DIRECT = CrossAccountGrant.tokenCreator(CALLER).on(TARGET);
  private static final CrossAccountGrant ALONG =
      CrossAccountGrant.tokenCreator(CALLER).along(CHAIN);

  private final DemoProject demo = new DemoProject();
  private final Grants grants = demo.grants();

  @AfterEach
  void close() {
    demo.close();
  }

  private boolean isBound(ServiceAccount account) {
    return !demo.audit().audit(account).entries().isEmpty();
  }

  @Test
  void rollBack_madeByOthersSinceThePlan_staysTheirs() {
    GrantPlan plan = grants.plan(DIRECT);
    grants.apply(DIRECT);

    assertThat(plan.apply()).extracting(PolicyChange::kind).containsExactly(Kind.UNCHANGED);
    assertThat(plan.rollBack()).isEmpty();

    assertThat(isBound(TARGET)).isTrue();
  }

  @Test
  void rollBack_neverApplied_changesNothing() {
    GrantPlan plan = grants.plan(DIRECT);
    grants.apply(DIRECT);

    assertThat(plan.rollBack()).isEmpty();

    assertThat(isBound(TARGET)).isTrue();
  }

  @Test
  void rollBack_appliedTwice_takesBackWhatTheFirstTimeAdded() {
    GrantPlan plan = grants.plan(DIRECT);
    plan.apply();
    plan.apply();

    assertThat(plan.rollBack()).extracting(PolicyChange::kind).containsExactly(Kind.REMOVED);

    assertThat(isBound(TARGET)).isFalse();
  }

  @Test
  void rollBack_again_leavesALaterGrant() {
    GrantPlan plan = grants.plan(DIRECT);
    plan.apply();
    plan.rollBack();
    grants.apply(DIRECT);

    assertThat(plan.rollBack()).isEmpty();

    assertThat(isBound(TARGET)).isTrue();
  }

  @Test
  void close_oneAccountFails_revokesOnTheOthersAndCanBeRepeated() {
    HeldGrant held = grants.hold(ALONG);
    demo.emulator().faults().on("setIamPolicy").times(1).fail(Code.INVALID_ARGUMENT);

    assertThatThrownBy(held::close)
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Editing the policy of " + TARGET);

    assertThat(isBound(TARGET)).isTrue();
    assertThat(isBound(DELEGATE_2)).isFalse();
    assertThat(isBound(DELEGATE_1)).isFalse();
    held.close();
    assertThat(isBound(TARGET)).isFalse();
  }

  @Test
  void close_severalAccountsFail_reportsEach() {
    HeldGrant held = grants.hold(ALONG);
    demo.emulator().faults().on("setIamPolicy").times(2).fail(Code.INVALID_ARGUMENT);

    assertThatThrownBy(held::close)
        .hasMessageStartingWith("Editing the policy of " + TARGET)
        .satisfies(
            failure ->
                assertThat(failure.getSuppressed())
                    .singleElement()
                    .extracting(Throwable::getMessage)
                    .asString()
                    .startsWith("Editing the policy of " + DELEGATE_2));
  }

  @Test
  void close_again_leavesALaterGrant() {
    HeldGrant held = grants.hold(ALONG);
    demo.emulator().faults().on("setIamPolicy").times(1).fail(Code.INVALID_ARGUMENT);
    assertThatThrownBy(held::close).isInstanceOf(InvalidRequest.class);
    grants.apply(ALONG);

    held.close();

    assertThat(isBound(TARGET)).isFalse();
    assertThat(isBound(DELEGATE_2)).isTrue();
  }

  @Test
  void close_interruptedThreadAndAConflict_revokes() {
    HeldGrant held = grants.hold(DIRECT);
    demo.emulator().faults().on("setIamPolicy").times(1).fail(Code.ABORTED);
    Thread.currentThread().interrupt();

    held.close();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(isBound(TARGET)).isFalse();
  }
}
