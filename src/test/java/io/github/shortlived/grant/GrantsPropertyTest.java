package io.github.shortlived.grant;

import static io.github.shortlived.internal.policy.RandomPolicies.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.iam.v1.Policy;
import com.google.protobuf.ByteString;
import io.github.shortlived.DemoProject;
import io.github.shortlived.internal.policy.EmulatedPolicies;
import io.github.shortlived.internal.policy.ForeignPolicy;
import io.github.shortlived.internal.policy.PolicyOracle;
import io.github.shortlived.internal.policy.PolicyStore;
import io.github.shortlived.internal.policy.RandomPolicies;
import io.github.shortlived.internal.policy.RandomPolicies.Any;
import io.github.shortlived.internal.policy.RandomPolicies.Grantable;
import io.github.shortlived.internal.policy.RandomPolicies.Storable;
import io.github.shortlived.model.Member;
import io.github.shortlived.policy.Binding;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Properties of the public API for any policy and any grant. */
class GrantsPropertyTest {
  private static final int TRIES = 2_000;
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  @Provide
  Arbitrary<String> members() {
    return RandomPolicies.members();
  }

  @Property(tries = TRIES)
  void plan_anything_writesNothingAndShowsWhatApplyDoes(
      @ForAll(supplier = Any.class) Policy policy,
      @ForAll(supplier = Grantable.class) List<Binding> wanted) {
    MemoryPolicies memory = new MemoryPolicies(policy);
    GrantPlan plan = memory.grants(NOW).plan(new CrossAccountGrant(wanted));
    assertThat(memory.writes).isZero();
    assertThat(plan.apply()).isEqualTo(plan.changes());
    assertThat(memory.writes).isEqualTo(plan.isEmpty() ? 0 : 1);
  }

  @Property(tries = 500)
  void planFromJson_anyPlan_isThePlanAndDoesTheSame(
      @ForAll(supplier = Any.class) Policy policy,
      @ForAll(supplier = Grantable.class) List<Binding> wanted) {
    MemoryPolicies here = new MemoryPolicies(policy);
    MemoryPolicies there = new MemoryPolicies(policy);
    GrantPlan plan = here.grants(NOW).plan(new CrossAccountGrant(wanted));
    GrantPlan loaded = there.grants(NOW).planFromJson(plan.toJson());
    assertThat(loaded.toJson()).isEqualTo(plan.toJson());
    assertThat(loaded.apply()).isEqualTo(plan.apply());
    assertThat(there.policy).isEqualTo(here.policy);
    assertThat(loaded.rollBack()).isEqualTo(plan.rollBack());
    assertThat(there.policy).isEqualTo(here.policy);
  }

  @Property(tries = 500)
  void planFromJson_anyRevocation_isThePlanAndDoesTheSame(
      @ForAll(supplier = Any.class) Policy policy, @ForAll("members") String member) {
    MemoryPolicies here = new MemoryPolicies(policy);
    MemoryPolicies there = new MemoryPolicies(policy);
    GrantPlan plan = here.grants(NOW).planRevokeEverything(Member.inPolicy(member), ACCOUNT);
    GrantPlan loaded = there.grants(NOW).planFromJson(plan.toJson());
    assertThat(loaded.changes()).isEqualTo(plan.changes());
    assertThat(loaded.apply()).isEqualTo(plan.apply());
    assertThat(there.policy).isEqualTo(here.policy);
    assertThat(loaded.rollBack()).isEqualTo(plan.rollBack());
    assertThat(there.policy).isEqualTo(here.policy);
  }

  @Property(tries = TRIES)
  void planRevokeEverything_anyMember_leavesAllElse(
      @ForAll(supplier = Any.class) Policy policy, @ForAll("members") String member) {
    MemoryPolicies memory = new MemoryPolicies(policy);
    Grants grants = memory.grants(NOW);
    Member revoked = Member.inPolicy(member);
    grants.planRevokeEverything(revoked, ACCOUNT).apply();
    assertThat(memory.policy.toBuilder().clearVersion().build().toByteString())
        .isEqualTo(
            PolicyOracle.without(
                policy,
                (binding, other) ->
                    PolicyOracle.spelling(other).equals(PolicyOracle.spelling(member))
                        || PolicyOracle.isDeleted(other, member)));
    assertThat(grants.planRevokeEverything(revoked, ACCOUNT).changes()).isEmpty();
  }

  @Property(tries = TRIES)
  void planRevokeEverything_rolledBack_grantsTheSameAgain(
      @ForAll(supplier = Any.class) Policy policy, @ForAll("members") String member) {
    MemoryPolicies memory = new MemoryPolicies(policy);
    GrantPlan plan = memory.grants(NOW).planRevokeEverything(Member.inPolicy(member), ACCOUNT);
    plan.apply();
    plan.rollBack();
    assertThat(PolicyOracle.granted(memory.policy)).isEqualTo(PolicyOracle.granted(policy));
  }

  @Property(tries = TRIES)
  void planSweep_anything_removesOursThatExpiredAlone(@ForAll(supplier = Any.class) Policy policy) {
    MemoryPolicies memory = new MemoryPolicies(policy);
    memory.grants(NOW).planSweep(List.of(ACCOUNT)).apply();
    assertThat(memory.policy.toBuilder().clearVersion().build().toByteString())
        .isEqualTo(
            PolicyOracle.without(policy, (binding, member) -> RandomPolicies.isSwept(binding)));
  }

  /** Includes the version: the emulator returns 1, as Google does, if no condition is left. */
  @Property(tries = 30)
  void rollBack_appliedOverSockets_isTheFirstPolicyAgainByteForByte(
      @ForAll(supplier = Storable.class) Policy policy,
      @ForAll(supplier = Grantable.class) List<Binding> wanted)
      throws Exception {
    try (DemoProject demo = new DemoProject();
        PolicyStore policies = EmulatedPolicies.of(demo)) {
      ForeignPolicy.write(demo, ACCOUNT, policy);
      Policy before = policies.read(ACCOUNT, EmulatedPolicies.DEADLINE);
      GrantPlan plan = demo.grants().plan(new CrossAccountGrant(wanted));
      plan.apply();
      Policy applied = policies.read(ACCOUNT, EmulatedPolicies.DEADLINE);
      assertThat(PolicyOracle.granted(applied)).containsAll(PolicyOracle.granted(wanted));
      assertThat(demo.grants().plan(new CrossAccountGrant(wanted)).isEmpty()).isTrue();
      plan.rollBack();
      assertThat(withoutEtag(policies.read(ACCOUNT, EmulatedPolicies.DEADLINE)))
          .isEqualTo(withoutEtag(before));
    }
  }

  private static ByteString withoutEtag(Policy policy) {
    return policy.toBuilder().clearEtag().build().toByteString();
  }
}
