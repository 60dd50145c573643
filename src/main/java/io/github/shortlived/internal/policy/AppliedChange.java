package io.github.shortlived.internal.policy;

import com.google.common.collect.ImmutableSet;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;

/**
 * A change that was made, or may have been made because the response was lost.
 *
 * @param change the change
 * @param deletedBefore the deleted principals that had the name of an added member before the
 *     change
 */
public record AppliedChange(PolicyChange change, ImmutableSet<String> deletedBefore) {

  /** Returns the edit that undoes the change. */
  public PolicyEdit undo() {
    Kind opposite = change.kind() == Kind.ADDED ? Kind.REMOVED : Kind.ADDED;
    return PolicyEdit.addedBefore(new PolicyChange(opposite, change.binding()), deletedBefore);
  }
}
