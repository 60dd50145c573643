package io.github.shortlived.internal.policy;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Multimaps;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.PolicyChange;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A wanted change of a policy. When a principal is deleted, IAM replaces it in the policies by
 * {@code deleted:MEMBER?uid=ID}, and undeleting it brings the binding back; so a removal decides
 * which of these identifiers it means.
 *
 * @param change the change
 * @param removed selects the members that a removal takes out of a binding, from all its members
 */
public record PolicyEdit(PolicyChange change, UnaryOperator<List<String>> removed) {

  /** Groups the edits by account, in the order of the first edit of each. */
  static Map<ServiceAccount, List<PolicyEdit>> byAccount(List<PolicyEdit> edits) {
    return Multimaps.asMap(Multimaps.index(edits, edit -> edit.change().binding().account()));
  }

  /** Returns an edit that adds the member, or removes exactly this identifier. */
  public static PolicyEdit exact(PolicyChange change) {
    Member member = change.binding().member();
    return new PolicyEdit(
        change,
        members -> members.stream().filter(id -> Member.inPolicy(id).isSameAs(member)).toList());
  }

  /** Returns an edit that removes the member, and also each deleted principal of its name. */
  public static PolicyEdit byName(PolicyChange change) {
    Member member = change.binding().member();
    return member.isDeleted()
        ? exact(change)
        : new PolicyEdit(change, members -> BindingEdits.namesakes(members, member).toList());
  }

  /**
   * Returns an edit that removes a member as it was in the policy earlier. If it was deleted or
   * undeleted since, its new identifier is removed. A principal of the same name that was created
   * and granted later stays.
   *
   * @param known the identifiers of that name that the binding had then
   */
  static PolicyEdit since(PolicyChange change, ImmutableSet<String> known) {
    Member member = change.binding().member();
    PolicyEdit exact = exact(change);
    return new PolicyEdit(
        change,
        members -> {
          List<String> same = exact.removed.apply(members);
          List<String> renamed =
              BindingEdits.namesakes(members, member)
                  .filter(id -> Member.inPolicy(id).isDeleted() != member.isDeleted())
                  .filter(id -> !known.contains(id))
                  .toList();
          boolean stillDeleted = member.isDeleted() && !same.isEmpty();
          return stillDeleted || renamed.isEmpty() ? same : renamed;
        });
  }
}
