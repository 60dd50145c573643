package io.github.shortlived.internal.policy;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import com.google.iam.v1.Binding;
import com.google.iam.v1.Policy;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.ServiceAccount;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is refused before a policy is written: one that was not read as it is, for writing it back
 * would destroy conditions, one without an etag, for it would replace whatever is there, and one
 * that would grow over Google's limits.
 *
 * @see <a href="https://cloud.google.com/iam/quotas">Quotas and limits</a>
 */
public final class PolicyWriteChecks {
  private static final int CONDITIONS_VERSION = 3;
  private static final int PRINCIPALS = 1_500;
  private static final int GROUPS = 250;
  private static final int CONDITIONS_OF_A_GRANT = 20;

  private static final Pattern CONDITION_HASH = Pattern.compile(".*_withcond_[0-9a-f]{20}");

  private PolicyWriteChecks() {}

  /** Whether the role stands for one whose condition is hidden from readers of version 1. */
  public static boolean isConditionHash(String role) {
    return CONDITION_HASH.matcher(role).matches();
  }

  static void checkRead(ServiceAccount account, Policy policy) {
    policy.getBindingsList().stream()
        .map(Binding::getRole)
        .filter(PolicyWriteChecks::isConditionHash)
        .findFirst()
        .ifPresent(role -> refuseHash(account, role));
    if (policy.getVersion() < CONDITIONS_VERSION
        && policy.getBindingsList().stream().anyMatch(Binding::hasCondition)) {
      throw new InvalidRequest(
          ("The policy of %s is not edited: it holds conditions, yet was read as version %d, and"
                  + " writing it back may destroy them. Read it as version 3, without an"
                  + " intermediary that rewrites answers.")
              .formatted(account, policy.getVersion()));
    }
  }

  private static void refuseHash(ServiceAccount account, String role) {
    throw new InvalidRequest(
        ("The policy of %s is not edited: its role '%s' stands for a condition that was lost or is"
                + " not shown, and grants nothing. Find out whom it was for, remove that binding,"
                + " and grant again with the condition.")
            .formatted(account, SafeText.oneLine(SafeText.redact(role))));
  }

  static void checkEtag(ServiceAccount account, Policy policy) {
    if (policy.getEtag().isEmpty()) {
      throw new InvalidRequest(
          ("The policy of %s is not edited: it was read without an etag, and writing it back would"
                  + " undo what others write at the same time. Read it without an intermediary that"
                  + " rewrites answers.")
              .formatted(account));
    }
  }

  static void checkLimits(ServiceAccount account, Policy policy) {
    List<String> members = members(policy).toList();
    require(members.size(), PRINCIPALS, "principals in all bindings", account);
    require(groups(members), GROUPS, "groups and domains in all bindings", account);
    require(
        mostConditionsOfOneGrant(policy),
        CONDITIONS_OF_A_GRANT,
        "bindings of the same role and member with different conditions",
        account);
  }

  private static Stream<String> members(Policy policy) {
    return policy.getBindingsList().stream().flatMap(PolicyWriteChecks::members);
  }

  private static Stream<String> members(Binding binding) {
    return binding.getMembersList().stream().map(BindingEdits::spelling);
  }

  /** A domain counts wherever it stands, a group once. */
  private static long groups(List<String> members) {
    return members.stream().filter(member -> member.startsWith("domain:")).count()
        + members.stream().filter(member -> member.startsWith("group:")).distinct().count();
  }

  private static int mostConditionsOfOneGrant(Policy policy) {
    Multiset<List<String>> grants = HashMultiset.create();
    policy.getBindingsList().stream()
        .filter(Binding::hasCondition)
        .forEach(b -> members(b).forEach(member -> grants.add(List.of(b.getRole(), member))));
    return grants.entrySet().stream().mapToInt(Multiset.Entry::getCount).max().orElse(0);
  }

  private static void require(long count, int limit, String of, ServiceAccount account) {
    if (count > limit) {
      throw new InvalidRequest(
          ("The policy of %s is not edited: it would hold %d %s, and Google's limit is %d. Remove"
                  + " what is no longer needed, such as expired grants with planSweep(...), or"
                  + " grant to a group.")
              .formatted(account, count, of, limit));
    }
  }
}
