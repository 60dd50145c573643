package io.github.shortlived.internal.policy;

import static io.github.shortlived.FuzzedText.accepted;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.iam.v1.Policy;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.github.shortlived.FuzzedText;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.internal.policy.ReadModifyWrite.Edited;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Edits policies of any JSON as grants do: the wanted binding is added or removed, nothing else
 * changes, and an unsafe edit is refused.
 */
class PolicyFuzzTest {
  private static final ServiceAccount ACCOUNT =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");
  private static final Binding NEW =
      new Binding(ACCOUNT, CrossAccountGrant.TOKEN_CREATOR, Member.of("user:me@example.com"));

  @FuzzTest(maxDuration = "1m")
  void apply_onAnyPolicy_isUndoneOrRefused(byte[] input) {
    policy(input)
        .ifPresent(policy -> wanted(policy).forEach(binding -> checkApply(policy, binding)));
  }

  private static void checkApply(Policy policy, Binding wanted) {
    edited(Kind.ADDED, policy, wanted)
        .ifPresent(
            edited -> {
              List<Binding> one = List.of(wanted);
              assertThat(PolicyOracle.granted(edited.policy()))
                  .containsAll(PolicyOracle.granted(policy))
                  .containsAll(PolicyOracle.granted(one));
              assertThat(PolicyOracle.foreignTo(one, edited.policy()))
                  .isEqualTo(PolicyOracle.foreignTo(one, policy));
              checkWritable(edited);
              checkUndo(policy, edited);
              wanted.condition().ifPresent(PolicyFuzzTest::checkExpr);
            });
  }

  private static void checkExpr(Condition condition) {
    com.google.iam.v1.Binding binding =
        com.google.iam.v1.Binding.newBuilder().setCondition(BindingEdits.toExpr(condition)).build();
    assertThat(BindingEdits.conditionOf(binding)).contains(condition);
  }

  private static void checkUndo(Policy policy, Edited applied) {
    Edited undone = ReadModifyWrite.edit(ACCOUNT, applied.policy(), PolicyEdits.undoing(applied));
    assertThat(undone.policy().toBuilder().clearVersion().build().toByteString())
        .isEqualTo(policy.toBuilder().clearVersion().build().toByteString());
  }

  @FuzzTest(maxDuration = "1m")
  void remove_fromAnyPolicy_leavesAllElseOrIsRefused(byte[] input) {
    policy(input)
        .ifPresent(policy -> wanted(policy).forEach(binding -> checkRemove(policy, binding)));
  }

  private static void checkRemove(Policy policy, Binding unwanted) {
    edited(Kind.REMOVED, policy, unwanted)
        .ifPresent(
            edited -> {
              List<Binding> one = List.of(unwanted);
              assertThat(PolicyOracle.granted(edited.policy()))
                  .doesNotContainAnyElementsOf(PolicyOracle.granted(one));
              assertThat(PolicyOracle.foreignTo(one, edited.policy()))
                  .isEqualTo(PolicyOracle.foreignTo(one, policy));
              assertThat(edited(Kind.REMOVED, edited.policy(), unwanted))
                  .hasValueSatisfying(again -> assertThat(again.changed()).isFalse());
              checkWritable(edited);
            });
  }

  /** Checks that conditions are written as version 3: below it they are lost. */
  private static void checkWritable(Edited edited) {
    boolean conditional =
        edited.policy().getBindingsList().stream()
            .anyMatch(com.google.iam.v1.Binding::hasCondition);
    assertThat(edited.changed() && conditional && edited.policy().getVersion() < 3).isFalse();
  }

  private static Optional<Edited> edited(Kind kind, Policy policy, Binding binding) {
    return accepted(
        () -> ReadModifyWrite.edit(ACCOUNT, policy, PolicyEdits.of(kind, List.of(binding))));
  }

  /** Returns a binding that is new to most policies, and each binding of the policy. */
  private static Stream<Binding> wanted(Policy policy) {
    return Stream.concat(Stream.of(NEW), BindingEdits.bindings(ACCOUNT, policy).stream());
  }

  private static Optional<Policy> policy(byte[] input) {
    try {
      Policy.Builder policy = Policy.newBuilder();
      JsonFormat.parser().ignoringUnknownFields().merge(FuzzedText.of(input), policy);
      return Optional.of(policy.build());
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }
}
