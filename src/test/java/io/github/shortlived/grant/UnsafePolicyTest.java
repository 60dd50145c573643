package io.github.shortlived.grant;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.iam.v1.Policy;
import io.github.shortlived.DemoProject;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.internal.policy.EmulatedPolicies;
import io.github.shortlived.internal.policy.ForeignPolicy;
import io.github.shortlived.internal.policy.PolicyStore;
import io.github.shortlived.internal.policy.StubStore;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.Member;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.util.List;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Policies that were not read completely, or whose conditions an old client removed. */
class UnsafePolicyTest {
  private static final CrossAccountGrant DIRECT = CrossAccountGrant.tokenCreator(CALLER).on(TARGET);
  private static final Member NIGHT_SHIFT = Member.of(ForeignPolicy.NIGHT_SHIFT);

  private final DemoProject demo = new DemoProject();
  private final PolicyStore policies = EmulatedPolicies.of(demo);

  @AfterEach
  void close() {
    policies.close();
    demo.close();
  }

  private Policy read() throws Exception {
    return policies.read(TARGET, EmulatedPolicies.DEADLINE);
  }

  /** Reads version 1 and writes it back without the etag, as some scripts do. */
  private void destroyConditions() throws Exception {
    ForeignPolicy.write(demo, TARGET, ForeignPolicy.everything());
    Policy asShown = ForeignPolicy.readAtVersion1(demo, TARGET);
    ForeignPolicy.write(demo, TARGET, asShown.toBuilder().clearEtag().build());
  }

  @Test
  void plan_conditionHashes_isRefusedWithTheRole() throws Exception {
    destroyConditions();
    assertRefusedUnchanged(() -> demo.grants().plan(DIRECT));
  }

  @Test
  void apply_conditionHashes_isRefusedWithTheRole() throws Exception {
    destroyConditions();
    assertRefusedUnchanged(() -> demo.grants().apply(DIRECT));
  }

  @Test
  void apply_planFromBeforeTheLoss_isRefused() throws Exception {
    GrantPlan plan = demo.grants().plan(DIRECT);
    destroyConditions();
    assertRefusedUnchanged(plan::apply);
  }

  @Test
  void planRevokeEverything_conditionHashes_isRefused() throws Exception {
    destroyConditions();
    assertRefusedUnchanged(() -> demo.grants().planRevokeEverything(NIGHT_SHIFT, TARGET));
  }

  @Test
  void revoke_conditionHashesButNothingToDo_isUnchanged() throws Exception {
    destroyConditions();
    assertThat(demo.grants().revoke(DIRECT))
        .extracting(PolicyChange::kind)
        .containsExactly(Kind.UNCHANGED);
  }

  private void assertRefusedUnchanged(ThrowingCallable edit) throws Exception {
    Policy before = read();
    assertThatThrownBy(edit)
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("The policy of " + TARGET + " is not edited")
        .hasMessageContaining("roles/iam.serviceAccountTokenCreator_withcond_");
    assertThat(read()).isEqualTo(before); // the etag included
  }

  @Test
  void apply_hashesRemovedByHand_grantsAgain() throws Exception {
    destroyConditions();
    Policy.Builder repaired = read().toBuilder().clearBindings();
    read().getBindingsList().stream()
        .filter(binding -> !binding.getRole().contains("_withcond_"))
        .forEach(repaired::addBindings);
    ForeignPolicy.write(demo, TARGET, repaired.build());
    assertThat(demo.grants().apply(DIRECT))
        .extracting(PolicyChange::kind)
        .containsExactly(Kind.ADDED);
  }

  @Test
  void apply_readBelowItsVersion_isRefusedAndNotWritten() throws Exception {
    ForeignPolicy.write(demo, TARGET, ForeignPolicy.everything());
    Policy before = read();
    Grants grants = overIntermediary(policy -> policy.toBuilder().setVersion(1).build());
    for (ThrowingCallable edit :
        List.<ThrowingCallable>of(() -> grants.plan(DIRECT), () -> grants.apply(DIRECT))) {
      assertThatThrownBy(edit)
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("it contains conditions but was read as version 1");
    }
    assertThat(read()).isEqualTo(before);
  }

  @Test
  void apply_readWithoutEtag_isRefusedAndNotWritten() throws Exception {
    Policy before = read();
    Grants grants = overIntermediary(policy -> policy.toBuilder().clearEtag().build());
    assertThatThrownBy(() -> grants.apply(DIRECT))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("it was read without an etag");
    assertThat(read()).isEqualTo(before);
  }

  /** Returns grants over a store that rewrites the policies it reads. */
  private Grants overIntermediary(UnaryOperator<Policy> rewriting) {
    StubStore intermediary = StubStore.over(policies);
    intermediary.seen = rewriting;
    return EmulatedGrants.over(intermediary, demo, RetryPolicy.none());
  }
}
