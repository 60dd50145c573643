package io.github.shortlived.grant;

import com.google.common.collect.ImmutableList;
import io.github.shortlived.internal.policy.PolicyEditor;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.policy.PolicyChange;
import java.util.List;

/**
 * A grant that is made until it is closed. Made by {@link Grants#hold}, for try-with-resources.
 * Thread-safe.
 */
public final class HeldGrant implements AutoCloseable {
  private final AppliedChanges made;
  private final ImmutableList<PolicyChange> changes;

  private HeldGrant(AppliedChanges made, List<PolicyChange> changes) {
    this.made = made;
    this.changes = ImmutableList.copyOf(changes);
  }

  /** Makes the changes, or takes those back that were, or may have been, made before a failure. */
  static HeldGrant make(List<PolicyChange> wanted, PolicyEditor editor) {
    AppliedChanges made = new AppliedChanges(editor);
    try {
      return new HeldGrant(made, made.apply(wanted));
    } catch (RuntimeException e) {
      undoAfter(e, made);
      throw e;
    }
  }

  /** {@return what became of each binding when the grant was made} */
  public List<PolicyChange> changes() {
    return changes;
  }

  /**
   * Revokes what was added, last account first; what was there before stays. Blocks, and goes on
   * after an account that fails; an interrupted thread revokes all the same and keeps its status.
   * Does nothing once it has succeeded, and can be called again after a failure.
   *
   * @throws CredentialException if a policy cannot be read or written; further ones are suppressed
   */
  @Override
  public void close() {
    made.rollBack();
  }

  private static void undoAfter(RuntimeException failure, AppliedChanges made) {
    try {
      made.rollBack();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
