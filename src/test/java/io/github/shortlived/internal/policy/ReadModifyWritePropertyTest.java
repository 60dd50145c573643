package io.github.shortlived.internal.policy;

import static io.github.shortlived.internal.policy.RandomPolicies.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.iam.v1.Binding;
import com.google.iam.v1.Policy;
import io.github.shortlived.internal.policy.PolicyOracle.Granted;
import io.github.shortlived.internal.policy.RandomPolicies.Any;
import io.github.shortlived.internal.policy.RandomPolicies.Wanted;
import io.github.shortlived.internal.policy.ReadModifyWrite.Edited;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Properties of edits that hold for every policy and every grant. */
class ReadModifyWritePropertyTest {
  private static final int TRIES = 2_000;

  private static Edited edit(
      Kind kind, Policy policy, List<io.github.shortlived.policy.Binding> wanted) {
    return ReadModifyWrite.edit(ACCOUNT, policy, PolicyEdits.of(kind, wanted));
  }

  /**
   * A condition makes the policy version 3, and it stays so; Google returns 1 when none is left.
   */
  @Property(tries = TRIES)
  void undo_applied_isTheFirstPolicyAgainByteForByte(
      @ForAll(supplier = Any.class) Policy policy,
      @ForAll(supplier = Wanted.class) List<io.github.shortlived.policy.Binding> wanted) {
    Edited applied = edit(Kind.ADDED, policy, wanted);
    Edited undone = ReadModifyWrite.edit(ACCOUNT, applied.policy(), PolicyEdits.undoing(applied));
    boolean conditional =
        applied.changes().stream()
            .anyMatch(change -> change.changed() && change.binding().condition().isPresent());
    Policy expected = conditional ? policy.toBuilder().setVersion(3).build() : policy;
    assertThat(undone.policy().toByteString()).isEqualTo(expected.toByteString());
  }

  @Property(tries = TRIES)
  void apply_applied_changesNothing(
      @ForAll(supplier = Any.class) Policy policy,
      @ForAll(supplier = Wanted.class) List<io.github.shortlived.policy.Binding> wanted) {
    Edited once = edit(Kind.ADDED, policy, wanted);
    Edited twice = edit(Kind.ADDED, once.policy(), wanted);
    assertThat(twice.changed()).isFalse();
    assertThat(twice.policy()).isEqualTo(once.policy());
  }

  @Property(tries = TRIES)
  void apply_anything_grantsThatAndChangesNothingForeign(
      @ForAll(supplier = Any.class) Policy policy,
      @ForAll(supplier = Wanted.class) List<io.github.shortlived.policy.Binding> wanted) {
    Policy applied = edit(Kind.ADDED, policy, wanted).policy();
    Set<Granted> expected = PolicyOracle.granted(policy);
    expected.addAll(PolicyOracle.granted(wanted));
    assertThat(PolicyOracle.granted(applied)).isEqualTo(expected);
    assertThat(PolicyOracle.foreignTo(wanted, applied))
        .isEqualTo(PolicyOracle.foreignTo(wanted, policy));
  }

  @Property(tries = TRIES)
  void revoke_anything_removesThatAndChangesNothingForeign(
      @ForAll(supplier = Any.class) Policy policy,
      @ForAll(supplier = Wanted.class) List<io.github.shortlived.policy.Binding> wanted) {
    Policy revoked = edit(Kind.REMOVED, policy, wanted).policy();
    Set<Granted> expected = PolicyOracle.granted(policy);
    expected.removeAll(PolicyOracle.granted(wanted));
    assertThat(PolicyOracle.granted(revoked)).isEqualTo(expected);
    assertThat(PolicyOracle.foreignTo(wanted, revoked))
        .isEqualTo(PolicyOracle.foreignTo(wanted, policy));
  }

  @Property(tries = TRIES)
  void revoke_notThere_changesNothing(
      @ForAll(supplier = Any.class) Policy policy,
      @ForAll(supplier = Wanted.class) List<io.github.shortlived.policy.Binding> wanted) {
    Set<Granted> there = PolicyOracle.granted(policy);
    List<io.github.shortlived.policy.Binding> absent =
        wanted.stream().filter(binding -> !there.contains(Granted.of(binding))).toList();
    Edited edited = edit(Kind.REMOVED, policy, absent);
    assertThat(edited.changed()).isFalse();
    assertThat(edited.policy()).isEqualTo(policy);
  }

  @Property(tries = TRIES)
  void undo_revoked_grantsTheSameAgain(
      @ForAll(supplier = Any.class) Policy policy,
      @ForAll(supplier = Wanted.class) List<io.github.shortlived.policy.Binding> wanted) {
    Edited revoked = edit(Kind.REMOVED, policy, wanted);
    Edited undone = ReadModifyWrite.edit(ACCOUNT, revoked.policy(), PolicyEdits.undoing(revoked));
    assertThat(PolicyOracle.granted(undone.policy())).isEqualTo(PolicyOracle.granted(policy));
    assertThat(PolicyOracle.foreignTo(wanted, undone.policy()))
        .isEqualTo(PolicyOracle.foreignTo(wanted, policy));
  }

  @Property(tries = TRIES)
  void edit_anything_leavesNoEmptyBindingThatWasNotThere(
      @ForAll(supplier = Any.class) Policy policy,
      @ForAll(supplier = Wanted.class) List<io.github.shortlived.policy.Binding> wanted,
      @ForAll Kind kind) {
    assertThat(empty(edit(kind, policy, wanted).policy())).isEqualTo(empty(policy));
  }

  private static List<Binding> empty(Policy policy) {
    return policy.getBindingsList().stream().filter(b -> b.getMembersCount() == 0).toList();
  }

  @Property(tries = TRIES)
  void edit_anythingConditional_isWrittenAsVersion3(
      @ForAll(supplier = Any.class) Policy policy,
      @ForAll(supplier = Wanted.class) List<io.github.shortlived.policy.Binding> wanted,
      @ForAll Kind kind) {
    Policy edited = edit(kind, policy, wanted).policy();
    boolean conditional = edited.getBindingsList().stream().anyMatch(Binding::hasCondition);
    assertThat(edited.getVersion()).isIn(policy.getVersion(), 3);
    assertThat(!conditional || edited.getVersion() == 3).isTrue();
  }
}
