package io.github.shortlived.internal.policy;

import com.google.common.collect.Lists;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.util.List;

/** Builds lists of policy changes. */
public final class PolicyChanges {
  private PolicyChanges() {}

  /** Returns one change of this kind for each binding. */
  public static List<PolicyChange> all(Kind kind, List<Binding> bindings) {
    return bindings.stream().map(binding -> new PolicyChange(kind, binding)).toList();
  }

  /** Returns the changes that undo these, in reverse order. */
  public static List<PolicyChange> undoing(List<PolicyChange> changes) {
    return Lists.reverse(changes).stream()
        .filter(PolicyChange::changed)
        .map(change -> new PolicyChange(opposite(change.kind()), change.binding()))
        .toList();
  }

  private static Kind opposite(Kind kind) {
    return kind == Kind.ADDED ? Kind.REMOVED : Kind.ADDED;
  }
}
