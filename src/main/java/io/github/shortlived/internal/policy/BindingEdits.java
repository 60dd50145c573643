package io.github.shortlived.internal.policy;

import com.google.common.collect.ImmutableSet;
import com.google.iam.v1.Policy;
import com.google.type.Expr;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Edits a policy without side effects. An edit adds or removes one member in the bindings of one
 * role and condition, and changes nothing else, not even the order. The result is empty if the
 * policy needs no change.
 */
final class BindingEdits {
  /** The first version with conditions: IAM hides and deletes them at lower versions. */
  static final int CONDITIONS_VERSION = 3;

  private BindingEdits() {}

  /** Returns one binding per role, member and condition of the policy. */
  static List<Binding> bindings(ServiceAccount account, Policy policy) {
    return policy.getBindingsList().stream().flatMap(each -> bindings(account, each)).toList();
  }

  private static Stream<Binding> bindings(
      ServiceAccount account, com.google.iam.v1.Binding binding) {
    Optional<Condition> condition = conditionOf(binding);
    return binding.getMembersList().stream()
        .map(id -> new Binding(account, binding.getRole(), Member.inPolicy(id), condition));
  }

  static Optional<Policy> edit(Policy policy, PolicyEdit edit) {
    return switch (edit.change().kind()) {
      case ADDED -> add(policy, edit.change().binding());
      case REMOVED -> remove(policy, edit);
      case UNCHANGED -> Optional.empty();
    };
  }

  static Optional<Policy> add(Policy policy, Binding wanted) {
    if (policy.getBindingsList().stream().anyMatch(binding -> holds(binding, wanted))) {
      return Optional.empty();
    }
    Policy.Builder edited = editable(policy, wanted);
    IntStream.range(0, policy.getBindingsCount())
        // An empty binding stays: a later removal of the only member would delete it.
        .filter(i -> policy.getBindings(i).getMembersCount() > 0)
        .filter(i -> matches(policy.getBindings(i), wanted))
        .mapToObj(edited::getBindingsBuilder)
        .findFirst()
        .orElseGet(() -> begin(edited.addBindingsBuilder(), wanted))
        .addMembers(wanted.member().id());
    return Optional.of(edited.build());
  }

  static Optional<Policy> remove(Policy policy, PolicyEdit edit) {
    Binding unwanted = edit.change().binding();
    Set<String> removed = Set.copyOf(edit.removed().apply(members(policy, unwanted)));
    if (removed.isEmpty()) {
      return Optional.empty();
    }
    Policy.Builder edited = editable(policy, unwanted).clearBindings();
    policy.getBindingsList().stream()
        .flatMap(each -> matches(each, unwanted) ? without(each, removed) : Stream.of(each))
        .forEach(edited::addBindings);
    return Optional.of(edited.build());
  }

  /** Returns the members of all bindings with this role and condition. */
  private static List<String> members(Policy policy, Binding binding) {
    return policy.getBindingsList().stream()
        .filter(each -> matches(each, binding))
        .flatMap(each -> each.getMembersList().stream())
        .toList();
  }

  /** Returns the identifiers in a binding of this role and condition that have its name. */
  static ImmutableSet<String> namesakes(Policy policy, Binding binding) {
    return namesakes(members(policy, binding), binding.member())
        .collect(ImmutableSet.toImmutableSet());
  }

  /** Returns the identifiers of this name: the member itself, and those that were deleted. */
  static Stream<String> namesakes(List<String> members, Member member) {
    Member name = member.beforeDeletion();
    return members.stream().filter(id -> Member.inPolicy(id).beforeDeletion().isSameAs(name));
  }

  private static Stream<com.google.iam.v1.Binding> without(
      com.google.iam.v1.Binding binding, Set<String> removed) {
    List<String> others =
        binding.getMembersList().stream().filter(id -> !removed.contains(id)).toList();
    if (others.size() == binding.getMembersCount()) {
      return Stream.of(binding); // It may have been empty before.
    }
    return others.isEmpty()
        ? Stream.empty()
        : Stream.of(binding.toBuilder().clearMembers().addAllMembers(others).build());
  }

  private static boolean matches(com.google.iam.v1.Binding binding, Binding other) {
    return binding.getRole().equals(other.role()) && conditionOf(binding).equals(other.condition());
  }

  private static boolean holds(com.google.iam.v1.Binding binding, Binding other) {
    return matches(binding, other)
        && binding.getMembersList().stream()
            .anyMatch(id -> Member.inPolicy(id).isSameAs(other.member()));
  }

  static Optional<Condition> conditionOf(com.google.iam.v1.Binding binding) {
    Expr expr = binding.getCondition();
    return binding.hasCondition()
        ? Optional.of(new Condition(expr.getTitle(), expr.getDescription(), expr.getExpression()))
        : Optional.empty();
  }

  static Expr toExpr(Condition condition) {
    return Expr.newBuilder()
        .setTitle(condition.title())
        .setDescription(condition.description())
        .setExpression(condition.expression())
        .build();
  }

  private static com.google.iam.v1.Binding.Builder begin(
      com.google.iam.v1.Binding.Builder binding, Binding wanted) {
    wanted.condition().map(BindingEdits::toExpr).ifPresent(binding::setCondition);
    return binding.setRole(wanted.role());
  }

  /** Raises the version if there are conditions before or after the edit. */
  private static Policy.Builder editable(Policy policy, Binding changed) {
    boolean conditional =
        changed.condition().isPresent()
            || policy.getBindingsList().stream().anyMatch(com.google.iam.v1.Binding::hasCondition);
    return conditional ? policy.toBuilder().setVersion(CONDITIONS_VERSION) : policy.toBuilder();
  }
}
