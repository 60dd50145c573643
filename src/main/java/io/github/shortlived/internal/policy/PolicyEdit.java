package io.github.shortlived.internal.policy;

import com.google.common.collect.ImmutableSet;
import io.github.shortlived.model.Member;
import io.github.shortlived.policy.PolicyChange;
import java.util.List;
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

  /** Returns an edit that removes exactly this member; one that was deleted has its own ID. */
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
        : new PolicyEdit(
            change,
            members ->
                members.stream()
                    .filter(id -> Member.inPolicy(id).beforeDeletion().isSameAs(member))
                    .toList());
  }

  /**
   * Returns an edit that removes a member that this library added. If it was deleted since, its new
   * identifier is removed, and a principal of the same name, created and granted later, stays.
   *
   * @param deletedBefore the deleted principals of that name when the member was added
   */
  static PolicyEdit addedBefore(PolicyChange change, ImmutableSet<String> deletedBefore) {
    PolicyEdit exact = exact(change);
    PolicyEdit byName = byName(change);
    return new PolicyEdit(
        change,
        members -> {
          List<String> deletedSince =
              byName.removed.apply(members).stream()
                  .filter(id -> Member.inPolicy(id).isDeleted() && !deletedBefore.contains(id))
                  .toList();
          return deletedSince.isEmpty() ? exact.removed.apply(members) : deletedSince;
        });
  }
}
