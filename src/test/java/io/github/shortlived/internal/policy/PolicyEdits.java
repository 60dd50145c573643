package io.github.shortlived.internal.policy;

import com.google.common.collect.Lists;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.util.List;

/** Edits that tests make. */
final class PolicyEdits {
  private PolicyEdits() {}

  static List<PolicyEdit> of(Kind kind, List<Binding> bindings) {
    return PolicyEditor.changes(kind, bindings).stream().map(PolicyEdit::exact).toList();
  }

  /** Returns the edits that undo an edited policy, in reverse order. */
  static List<PolicyEdit> undoing(ReadModifyWrite.Edited edited) {
    return Lists.reverse(edited.applied()).stream().map(AppliedChange::undo).toList();
  }
}
