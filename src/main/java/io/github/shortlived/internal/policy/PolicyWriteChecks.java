package io.github.shortlived.internal.policy;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import com.google.iam.v1.Binding;
import com.google.iam.v1.Policy;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Refuses to write a policy that was read without its conditions or etag, which would overwrite
 * changes, or that exceeds a limit of IAM.
 *
 * @see <a href="https://cloud.google.com/iam/quotas">Quotas and limits</a>
 */
public final class PolicyWriteChecks {
  private static final int MAX_PRINCIPALS = 1_500;
  private static final int MAX_GROUPS = 250;
  private static final int MAX_CONDITIONS_PER_GRANT = 20;
  private static final Pattern CONDITION_HASH = Pattern.compile(".*_withcond_[0-9a-f]{20}");

  private PolicyWriteChecks() {}

  /** Returns whether the role is a placeholder for a condition that version 1 does not show. */
  public static boolean isConditionHash(String role) {
    return CONDITION_HASH.matcher(role).matches();
  }

  static void checkRead(ServiceAccount account, Policy policy) {
    for (Binding binding : policy.getBindingsList()) {
      if (isConditionHash(binding.getRole())) {
        throw notEdited(
            account,
            ("its role '%s' is a placeholder for a condition that was lost or is not shown, and"
                    + " grants nothing. Find out which member it was for, remove that binding, and"
                    + " grant again with the condition.")
                .formatted(SafeText.oneLine(SafeText.redact(binding.getRole()))));
      }
    }
    if (policy.getVersion() < BindingEdits.CONDITIONS_VERSION
        && policy.getBindingsList().stream().anyMatch(Binding::hasCondition)) {
      throw notEdited(
          account,
          ("it contains conditions but was read as version %d, and writing it back may delete them."
                  + " Read it as version 3, without an intermediary that rewrites responses.")
              .formatted(policy.getVersion()));
    }
  }

  static void checkEtag(ServiceAccount account, Policy policy) {
    if (policy.getEtag().isEmpty()) {
      throw notEdited(
          account,
          "it was read without an etag, and writing it back would overwrite concurrent changes."
              + " Read it without an intermediary that rewrites responses.");
    }
  }

  static void checkLimits(ServiceAccount account, Policy policy) {
    List<String> members =
        policy.getBindingsList().stream().flatMap(PolicyWriteChecks::members).toList();
    checkLimit(account, members.size(), MAX_PRINCIPALS, "principals in all bindings");
    checkLimit(account, groups(members), MAX_GROUPS, "groups and domains in all bindings");
    int conditions = maxConditionsPerGrant(policy);
    String kind = "bindings of the same role and member with different conditions";
    checkLimit(account, conditions, MAX_CONDITIONS_PER_GRANT, kind);
  }

  private static Stream<String> members(Binding binding) {
    return binding.getMembersList().stream().map(id -> Member.inPolicy(id).normalizedId());
  }

  /** Counts a domain each time it occurs, and a group once, as IAM does. */
  private static long groups(List<String> members) {
    return members.stream().filter(member -> member.startsWith("domain:")).count()
        + members.stream().filter(member -> member.startsWith("group:")).distinct().count();
  }

  private static int maxConditionsPerGrant(Policy policy) {
    Multiset<List<String>> grants = HashMultiset.create();
    policy.getBindingsList().stream()
        .filter(Binding::hasCondition)
        .forEach(b -> members(b).forEach(member -> grants.add(List.of(b.getRole(), member))));
    return grants.entrySet().stream().mapToInt(Multiset.Entry::getCount).max().orElse(0);
  }

  private static void checkLimit(ServiceAccount account, long count, int limit, String what) {
    if (count > limit) {
      throw notEdited(
          account,
          ("it would contain %d %s, and Google's limit is %d. Remove bindings that are no longer"
                  + " needed, such as expired grants with planSweep(...), or grant to a group.")
              .formatted(count, what, limit));
    }
  }

  private static InvalidRequest notEdited(ServiceAccount account, String reason) {
    return InternalExceptions.invalid(
        "The policy of %s is not edited: %s".formatted(account, reason));
  }
}
