package io.github.shortlived.grant;

import io.github.shortlived.model.CredentialException;
import io.github.shortlived.policy.PolicyChange;
import java.util.List;

/** A grant that is revoked when it is closed. Created by {@link Grants#hold}. Thread-safe. */
public final class HeldGrant implements AutoCloseable {
  private final GrantPlan plan;
  private final List<PolicyChange> changes;

  /** Applies the plan; after a failure, rolls back the changes that were or may have been made. */
  HeldGrant(GrantPlan plan) {
    this.plan = plan;
    try {
      this.changes = plan.apply();
    } catch (RuntimeException | Error e) {
      try {
        plan.rollBack();
      } catch (RuntimeException | Error second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  /** Returns the change to each binding. */
  public List<PolicyChange> changes() {
    return changes;
  }

  /**
   * Revokes what the grant added, last account first, and nothing else. Blocks, and continues after
   * an account that fails; an interrupted thread revokes too and keeps its interrupt status. After
   * a success, does nothing; after a failure, can be repeated.
   *
   * @throws CredentialException the first failure; the others are suppressed
   */
  @Override
  public void close() {
    plan.rollBack();
  }

  /** {@return the change to each binding} */
  @Override
  public String toString() {
    return "HeldGrant" + changes;
  }
}
