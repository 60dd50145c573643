package io.github.shortlived.internal.policy;

import com.google.common.base.Ascii;
import com.google.iam.v1.Policy;
import io.github.shortlived.model.Member;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import io.github.shortlived.policy.PolicyChange;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Pure edits of a policy: a member comes to, or goes from, the bindings of one role with one
 * condition, and everything else, order included, stays as it was. Empty where the policy is as
 * wanted already.
 */
public final class BindingEdits {
  private static final int CONDITIONS_VERSION = 3;

  private static final Pattern CASE_SENSITIVE = Pattern.compile("(?:deleted:)?principal(?:Set)?:");

  private BindingEdits() {}

  static Optional<Policy> edit(Policy policy, PolicyChange change) {
    return switch (change.kind()) {
      case ADDED -> add(policy, change.binding());
      case REMOVED -> remove(policy, change.binding());
      case UNCHANGED -> Optional.empty();
    };
  }

  public static Optional<Policy> add(Policy policy, Binding wanted) {
    if (policy.getBindingsList().stream()
        .anyMatch(binding -> matches(binding, wanted) && holds(binding, wanted))) {
      return Optional.empty();
    }
    Policy.Builder edited = editable(policy, wanted);
    IntStream.range(0, policy.getBindingsCount())
        .filter(i -> joinable(policy.getBindings(i), wanted))
        .mapToObj(edited::getBindingsBuilder)
        .findFirst()
        .orElseGet(() -> begin(edited.addBindingsBuilder(), wanted))
        .addMembers(wanted.member().id());
    return Optional.of(edited.build());
  }

  /** An empty binding is not ours to fill: taking the member back would take it away. */
  private static boolean joinable(com.google.iam.v1.Binding binding, Binding wanted) {
    return binding.getMembersCount() > 0 && matches(binding, wanted);
  }

  static Optional<Policy> remove(Policy policy, Binding unwanted) {
    Policy.Builder edited = editable(policy, unwanted).clearBindings();
    boolean changed = false;
    for (com.google.iam.v1.Binding binding : policy.getBindingsList()) {
      boolean affected = matches(binding, unwanted) && holds(binding, unwanted);
      changed |= affected;
      com.google.iam.v1.Binding kept = affected ? without(binding, unwanted) : binding;
      if (!affected || kept.getMembersCount() > 0) {
        edited.addBindings(kept);
      }
    }
    return changed ? Optional.of(edited.build()) : Optional.empty();
  }

  public static boolean same(String written, Member sought) {
    return spelling(written).equals(spelling(sought.id()));
  }

  /** Email addresses and domains are the same in either case; other identifiers are not. */
  public static String spelling(String member) {
    return CASE_SENSITIVE.matcher(member).lookingAt() ? member : Ascii.toLowerCase(member);
  }

  private static boolean matches(com.google.iam.v1.Binding binding, Binding sought) {
    return binding.getRole().equals(sought.role())
        && conditionOf(binding).equals(sought.condition());
  }

  static Optional<Condition> conditionOf(com.google.iam.v1.Binding binding) {
    return Optional.of(binding)
        .filter(com.google.iam.v1.Binding::hasCondition)
        .map(conditional -> Condition.of(conditional.getCondition()));
  }

  private static boolean holds(com.google.iam.v1.Binding binding, Binding sought) {
    return binding.getMembersList().stream().anyMatch(member -> same(member, sought.member()));
  }

  private static com.google.iam.v1.Binding.Builder begin(
      com.google.iam.v1.Binding.Builder binding, Binding wanted) {
    wanted.condition().map(Condition::toExpr).ifPresent(binding::setCondition);
    return binding.setRole(wanted.role());
  }

  private static com.google.iam.v1.Binding without(
      com.google.iam.v1.Binding binding, Binding unwanted) {
    return binding.toBuilder()
        .clearMembers()
        .addAllMembers(
            binding.getMembersList().stream()
                .filter(member -> !same(member, unwanted.member()))
                .toList())
        .build();
  }

  /** A policy with conditions, before or after, is destroyed unless it is written as version 3. */
  private static Policy.Builder editable(Policy policy, Binding changed) {
    boolean conditional =
        changed.condition().isPresent()
            || policy.getBindingsList().stream().anyMatch(com.google.iam.v1.Binding::hasCondition);
    return conditional ? policy.toBuilder().setVersion(CONDITIONS_VERSION) : policy.toBuilder();
  }
}
