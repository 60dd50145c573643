package io.github.shortlived.grant;

import io.github.shortlived.CredentialException;
import java.util.ArrayList;
import java.util.List;

/**
 * A grant that is made until it is closed. Made by {@link Grants#hold}, for try-with-resources.
 * Thread-safe.
 */
public final class HeldGrant implements AutoCloseable {
  private final PolicyEditor editor;
  // Guarded by this.
  private final List<PolicyChange> done = new ArrayList<>();
  private boolean revoked;

  HeldGrant(PolicyEditor editor) {
    this.editor = editor;
  }

  /** Makes the changes, or takes those back that were made before a failure. */
  synchronized void add(List<PolicyChange> wanted) {
    try {
      editor.edit(wanted, done::add);
    } catch (RuntimeException e) {
      closeAfter(e);
      throw e;
    }
  }

  /** {@return what became of each binding when the grant was made} */
  public synchronized List<PolicyChange> changes() {
    return List.copyOf(done);
  }

  /**
   * Revokes what was added, last account first; what was there before stays. Blocks. Does nothing
   * once it has succeeded, and can be called again after a failure.
   *
   * @throws CredentialException if a policy cannot be read or written
   */
  @Override
  public synchronized void close() {
    if (!revoked) {
      editor.edit(PolicyChange.undoing(done));
      revoked = true;
    }
  }

  private void closeAfter(RuntimeException failure) {
    try {
      close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
