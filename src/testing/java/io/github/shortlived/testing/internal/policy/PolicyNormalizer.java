package io.github.shortlived.testing.internal.policy;

import static java.util.stream.Collectors.toUnmodifiableSet;

import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.Multimaps;
import com.google.common.collect.SetMultimap;
import com.google.common.collect.Sets;
import com.google.iam.v1.Binding;
import com.google.iam.v1.Policy;
import java.util.Set;

/** Normalizes and compares policies by their grants: a role for a member under a condition. */
final class PolicyNormalizer {
  private PolicyNormalizer() {}

  /**
   * Returns the policy with one binding for each role and condition, without repeated members and
   * empty bindings, at the lowest version that fits. That Google merges bindings, and that it keeps
   * the order and the case of members, is unverified.
   */
  static Policy normalized(Policy policy) {
    SetMultimap<Binding, String> members = LinkedHashMultimap.create();
    policy
        .getBindingsList()
        .forEach(binding -> members.putAll(withoutMembers(binding), binding.getMembersList()));
    Policy.Builder normalized = policy.toBuilder().clearBindings();
    Multimaps.asMap(members)
        .forEach((grant, all) -> normalized.addBindings(grant.toBuilder().addAllMembers(all)));
    return PolicyVersions.atLowest(normalized);
  }

  /** Returns the roles that have other members or conditions in one of two policies. */
  static Set<String> modifiedRoles(Policy before, Policy after) {
    return Sets.symmetricDifference(grants(before), grants(after)).stream()
        .map(Binding::getRole)
        .collect(toUnmodifiableSet());
  }

  private static Set<Binding> grants(Policy policy) {
    return policy.getBindingsList().stream()
        .flatMap(
            binding ->
                binding.getMembersList().stream()
                    .map(member -> withoutMembers(binding).toBuilder().addMembers(member).build()))
        .collect(toUnmodifiableSet());
  }

  private static Binding withoutMembers(Binding binding) {
    return binding.toBuilder().clearMembers().build();
  }
}
