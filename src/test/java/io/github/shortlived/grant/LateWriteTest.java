package io.github.shortlived.grant;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.CHAIN;
import static io.github.shortlived.DemoProject.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.DemoProject;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.Member;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Writes whose response was lost, and that the service commits after they were undone. */
class LateWriteTest {
  private static final CrossAccountGrant GRANT = CrossAccountGrant.tokenCreator(CALLER).on(TARGET);

  private final DemoProject demo = new DemoProject();
  private final LatePolicies policies = new LatePolicies(demo);
  private final Grants grants = policies.grants();

  @AfterEach
  void close() {
    grants.close();
    demo.close();
  }

  private boolean isGranted() {
    return !demo.audit().audit(TARGET).entriesFor(Member.of(CALLER)).isEmpty();
  }

  @Test
  void rollBack_writeInFlight_invalidatesIt() {
    GrantPlan plan = grants.plan(GRANT);
    policies.lateWrites = 1;
    assertThatThrownBy(plan::apply).isInstanceOf(Unavailable.class);

    assertThat(plan.rollBack()).extracting(PolicyChange::kind).containsExactly(Kind.UNCHANGED);

    assertThat(policies.commit()).isZero();
    assertThat(isGranted()).isFalse();
  }

  @Test
  void rollBack_writeCommittedMeanwhile_removesTheBinding() {
    GrantPlan plan = grants.plan(GRANT);
    policies.lateWrites = 1;
    assertThatThrownBy(plan::apply).isInstanceOf(Unavailable.class);
    policies.commit();

    assertThat(plan.rollBack()).extracting(PolicyChange::kind).containsExactly(Kind.REMOVED);

    assertThat(isGranted()).isFalse();
  }

  @Test
  void rollBack_againAfterTheInvalidation_writesNothing() {
    GrantPlan plan = grants.plan(GRANT);
    policies.lateWrites = 1;
    assertThatThrownBy(plan::apply).isInstanceOf(Unavailable.class);
    plan.rollBack();

    assertThat(grants.revoke(GRANT)).extracting(PolicyChange::kind).containsExactly(Kind.UNCHANGED);

    assertThat(policies.writes).isEqualTo(1);
  }

  @Test
  void rollBack_invalidationFailsToo_reportsItAndCanBeRepeated() {
    GrantPlan plan = grants.plan(GRANT);
    policies.lateWrites = 2;
    assertThatThrownBy(plan::apply).isInstanceOf(Unavailable.class);

    assertThatThrownBy(plan::rollBack)
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining(
            "\nNot undone for certain; repeat the call:\n  + roles/iam.serviceAccountTokenCreator on "
                + TARGET);

    plan.rollBack();
    assertThat(policies.commit()).isZero();
    assertThat(isGranted()).isFalse();
  }

  @Test
  void hold_writeInFlight_invalidatesIt() {
    policies.lateWrites = 1;

    assertThatThrownBy(() -> grants.hold(GRANT)).isInstanceOf(Unavailable.class);

    assertThat(policies.commit()).isZero();
    assertThat(isGranted()).isFalse();
  }

  @Test
  void revoke_grantInFlight_invalidatesIt() {
    policies.lateWrites = 1;
    assertThatThrownBy(() -> grants.apply(GRANT)).isInstanceOf(Unavailable.class);

    assertThat(grants.revoke(GRANT)).extracting(PolicyChange::kind).containsExactly(Kind.UNCHANGED);

    assertThat(policies.commit()).isZero();
    assertThat(isGranted()).isFalse();
  }

  @Test
  void rollBack_removalInFlight_invalidatesIt() {
    demo.grants().apply(GRANT);
    GrantPlan plan = grants.planRevokeEverything(Member.of(CALLER), TARGET);
    policies.lateWrites = 1;
    assertThatThrownBy(plan::apply).isInstanceOf(Unavailable.class);

    plan.rollBack();

    assertThat(policies.commit()).isZero();
    assertThat(isGranted()).isTrue();
  }

  @Test
  void apply_unrelatedGrantAfterALateWrite_makesIt() {
    policies.lateWrites = 1;
    assertThatThrownBy(() -> grants.apply(GRANT)).isInstanceOf(CredentialException.class);

    assertThat(grants.apply(GRANT)).extracting(PolicyChange::kind).containsExactly(Kind.ADDED);

    assertThat(policies.commit()).isZero();
    assertThat(isGranted()).isTrue();
  }

  @Test
  void close_interruptedWhileItWrites_revokesAndKeepsTheStatus() {
    HeldGrant held = grants.hold(GRANT);
    Thread closing = Thread.currentThread();
    policies.beforeWrite = closing::interrupt;

    held.close();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(isGranted()).isFalse();
  }

  @Test
  void revoke_relativeExpiryInFlight_invalidatesIt() {
    CrossAccountGrant hour = GRANT.expiringIn(Duration.ofHours(1));
    policies.lateWrites = 1;
    assertThatThrownBy(() -> grants.apply(hour)).isInstanceOf(Unavailable.class);

    assertThat(grants.revoke(hour)).isEmpty();

    assertThat(policies.commit()).isZero();
    assertThat(isGranted()).isFalse();
  }

  @Test
  void planRevokeEverything_grantInFlight_invalidatesIt() {
    policies.lateWrites = 1;
    assertThatThrownBy(() -> grants.apply(GRANT)).isInstanceOf(Unavailable.class);

    grants.planRevokeEverything(Member.of(CALLER), TARGET).apply();

    assertThat(policies.commit()).isZero();
    assertThat(isGranted()).isFalse();
  }

  @Test
  void hold_errorAfterTheWrite_undoesIt() {
    policies.afterWrite =
        () -> {
          policies.afterWrite = () -> {};
          throw new StackOverflowError();
        };

    assertThatThrownBy(() -> grants.hold(GRANT)).isInstanceOf(StackOverflowError.class);

    assertThat(isGranted()).isFalse();
  }

  @Test
  void rollBack_errorAtOneAccount_undoesTheOthers() {
    GrantPlan plan = grants.plan(CrossAccountGrant.tokenCreator(CALLER).along(CHAIN));
    plan.apply();
    policies.beforeWrite =
        () -> {
          policies.beforeWrite = () -> {};
          throw new StackOverflowError();
        };

    assertThatThrownBy(plan::rollBack).isInstanceOf(StackOverflowError.class);

    assertThat(CHAIN.delegates())
        .allSatisfy(delegate -> assertThat(demo.audit().audit(delegate).entries()).isEmpty());
    plan.rollBack();
    assertThat(demo.audit().audit(TARGET).entries()).isEmpty();
  }
}
