package io.github.shortlived.internal.failure;

import org.jspecify.annotations.Nullable;

/** One attempt at a method failed: its cause says how. Says where, and what may help. */
public final class AttemptException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient ServiceMethod called;
  private final transient @Nullable Renewal renewal;

  /** A failure after which renewing the source token is no help. */
  public AttemptException(ServiceMethod called, Exception cause) {
    this(called, null, cause);
  }

  public AttemptException(ServiceMethod called, @Nullable Renewal renewal, Exception cause) {
    super(cause);
    this.called = called;
    this.renewal = renewal;
  }

  ServiceMethod called() {
    return called;
  }

  /** Whether the service refused the source token, and another can be had. */
  public boolean renewable() {
    return renewal != null;
  }

  /** Has the refused source token renewed; where that cannot be, the refusal stands. */
  public void renew(Deadline deadline) throws Exception {
    if (renewal == null) {
      return;
    }
    try {
      renewal.renew(deadline);
    } catch (SourceFailureException e) {
      throw e.getCause() instanceof IllegalStateException ? this : e;
    }
  }

  /** Gets another source token. */
  public interface Renewal {
    void renew(Deadline deadline) throws SourceFailureException;
  }
}
