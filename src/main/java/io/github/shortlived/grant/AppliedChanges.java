package io.github.shortlived.grant;

import io.github.shortlived.internal.policy.PolicyChanges;
import io.github.shortlived.internal.policy.PolicyEditor;
import io.github.shortlived.policy.PolicyChange;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What was changed here, or may have been, and so is ours to take back; what others had made before
 * is not. Thread-safe; blocks.
 */
final class AppliedChanges {
  private final PolicyEditor editor;
  // Guarded by this.
  private final Set<PolicyChange> made = new LinkedHashSet<>();

  AppliedChanges(PolicyEditor editor) {
    this.editor = editor;
  }

  /** Makes the changes, and keeps in mind those that were made even if others fail. */
  synchronized List<PolicyChange> apply(List<PolicyChange> wanted) {
    return editor.edit(wanted, made::add);
  }

  /**
   * Takes everything back, last account first, and forgets it. An interrupted thread does so all
   * the same, for it may be interrupted because it is to clean up, and keeps its status.
   */
  synchronized List<PolicyChange> rollBack() {
    boolean interrupted = Thread.interrupted();
    try {
      return editor.editAll(PolicyChanges.undoing(List.copyOf(made)), this::forget);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void forget(PolicyChange undone) {
    made.removeIf(change -> change.binding().equals(undone.binding()));
  }
}
