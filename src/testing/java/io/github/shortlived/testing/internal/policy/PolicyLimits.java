package io.github.shortlived.testing.internal.policy;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import com.google.iam.v1.Binding;
import com.google.iam.v1.Policy;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import java.util.List;
import java.util.stream.Stream;

/** Limits the size of policies. The limits are Google's, the texts of the errors unverified. */
final class PolicyLimits {
  private static final int PRINCIPALS = 1_500;
  private static final int GROUPS = 250;
  private static final int CONDITIONS_OF_A_GRANT = 20;

  private PolicyLimits() {}

  static void check(Policy policy) {
    List<String> members = members(policy).toList();
    require(
        members.size() <= PRINCIPALS,
        "more than " + PRINCIPALS + " members in bindings and audit configs");
    require(groups(members) <= GROUPS, "more than " + GROUPS + " domains and groups");
    require(
        conditionsOfOneGrant(policy) <= CONDITIONS_OF_A_GRANT,
        "more than " + CONDITIONS_OF_A_GRANT + " bindings of one role and member");
  }

  /** Returns the members of all bindings, and those that are exempt from audit logs. */
  private static Stream<String> members(Policy policy) {
    return Stream.concat(
        policy.getBindingsList().stream().flatMap(b -> b.getMembersList().stream()),
        policy.getAuditConfigsList().stream().flatMap(AuditConfigs::exemptedMembers));
  }

  /** Counts each occurrence of a domain, but a group only once. */
  private static long groups(List<String> members) {
    return members.stream().filter(member -> member.startsWith("domain:")).count()
        + members.stream().filter(member -> member.startsWith("group:")).distinct().count();
  }

  private static int conditionsOfOneGrant(Policy policy) {
    Multiset<List<String>> grants = HashMultiset.create();
    policy.getBindingsList().stream()
        .filter(Binding::hasCondition)
        .forEach(b -> b.getMembersList().forEach(m -> grants.add(List.of(b.getRole(), m))));
    return grants.entrySet().stream().mapToInt(Multiset.Entry::getCount).max().orElse(0);
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw GoogleErrors.invalid("The policy is too large: " + problem + ".");
    }
  }
}
