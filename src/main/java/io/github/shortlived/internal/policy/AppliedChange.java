package io.github.shortlived.internal.policy;

import com.google.common.collect.ImmutableSet;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;

/**
 * A change that was made, or may have been made because the response was lost.
 *
 * @param change the change
 * @param known the identifiers with the name of the member in its binding before the change
 */
public record AppliedChange(PolicyChange change, ImmutableSet<String> known) {

  /** Returns the edit that undoes the change. */
  public PolicyEdit undo() {
    Kind opposite = change.kind() == Kind.ADDED ? Kind.REMOVED : Kind.ADDED;
    return PolicyEdit.since(new PolicyChange(opposite, change.binding()), known);
  }
}
