package io.github.shortlived.grant;

import com.google.iam.v1.Binding;
import com.google.iam.v1.Policy;
import io.github.shortlived.Member;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Pure edits of a policy: the member of one unconditional binding comes or goes, and everything
 * else, order included, stays as it was. Empty where the policy is as wanted already.
 */
final class PolicyEdits {
  private static final int CONDITIONS_VERSION = 3;

  private PolicyEdits() {}

  static Optional<Policy> add(Policy policy, CrossAccountGrant.Binding wanted) {
    if (IntStream.range(0, policy.getBindingsCount())
        .anyMatch(i -> matches(policy.getBindings(i), wanted) && holds(policy, i, wanted))) {
      return Optional.empty();
    }
    Policy.Builder edited = editable(policy);
    IntStream.range(0, policy.getBindingsCount())
        .filter(i -> matches(policy.getBindings(i), wanted))
        .mapToObj(edited::getBindingsBuilder)
        .findFirst()
        .orElseGet(() -> edited.addBindingsBuilder().setRole(wanted.role()))
        .addMembers(wanted.member().id());
    return Optional.of(edited.build());
  }

  static Optional<Policy> remove(Policy policy, CrossAccountGrant.Binding unwanted) {
    Policy.Builder edited = editable(policy).clearBindings();
    boolean changed = false;
    for (int i = 0; i < policy.getBindingsCount(); i++) {
      boolean affected = matches(policy.getBindings(i), unwanted) && holds(policy, i, unwanted);
      changed |= affected;
      Binding kept = affected ? without(policy.getBindings(i), unwanted) : policy.getBindings(i);
      if (!affected || kept.getMembersCount() > 0) {
        edited.addBindings(kept);
      }
    }
    return changed ? Optional.of(edited.build()) : Optional.empty();
  }

  private static boolean matches(Binding binding, CrossAccountGrant.Binding sought) {
    return binding.getRole().equals(sought.role()) && !binding.hasCondition();
  }

  private static boolean holds(Policy policy, int index, CrossAccountGrant.Binding sought) {
    return policy.getBindings(index).getMembersList().stream()
        .anyMatch(member -> same(member, sought.member()));
  }

  private static Binding without(Binding binding, CrossAccountGrant.Binding unwanted) {
    return binding.toBuilder()
        .clearMembers()
        .addAllMembers(
            binding.getMembersList().stream()
                .filter(member -> !same(member, unwanted.member()))
                .toList())
        .build();
  }

  /** Email addresses and domains are the same in either case; other identifiers are not. */
  private static boolean same(String written, Member sought) {
    return written.startsWith("principal")
        ? written.equals(sought.id())
        : written.equalsIgnoreCase(sought.id());
  }

  /** A policy with conditions is destroyed unless it is written as version 3. */
  private static Policy.Builder editable(Policy policy) {
    Policy.Builder edited = policy.toBuilder();
    if (policy.getBindingsList().stream().anyMatch(Binding::hasCondition)) {
      edited.setVersion(CONDITIONS_VERSION);
    }
    return edited;
  }
}
