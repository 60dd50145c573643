package io.github.shortlived.internal.failure;

import com.google.api.gax.rpc.StatusCode.Code;
import org.jspecify.annotations.Nullable;

/** A failed call or attempt. Its cause is the exception of a Google client, which is read once. */
public final class FailedCallException extends Exception {
  private static final long serialVersionUID = 1;

  private final Throwable thrown;
  private final transient ServiceFailure failure;
  private final transient @Nullable Renewal renewal;

  private FailedCallException(Throwable thrown, ServiceFailure failure, @Nullable Renewal renewal) {
    super(failure.message(), thrown);
    this.thrown = thrown;
    this.failure = failure;
    this.renewal = renewal;
  }

  /** Returns a FailedCallException as it is; wraps any other exception and reads its failure. */
  public static FailedCallException of(Throwable thrown) {
    return thrown instanceof FailedCallException read
        ? read
        : new FailedCallException(thrown, FailureReader.read(thrown), null);
  }

  /** Reads the exception of an attempt to call this method of a host. */
  public static FailedCallException of(String service, String method, Throwable thrown) {
    return new FailedCallException(thrown, FailureReader.read(thrown).of(service, method), null);
  }

  /** Returns the failure of the whole call, of which this is the last attempt. */
  public FailedCallException after(ServiceFailure.Attempts attempts) {
    return new FailedCallException(thrown, failure.after(attempts), null);
  }

  /** Returns the same failure of an attempt whose source token can be renewed. */
  public FailedCallException withRenewal(Renewal source) {
    return new FailedCallException(thrown, failure, source);
  }

  /** Returns what the service responded. */
  public ServiceFailure failure() {
    return failure;
  }

  /** Returns the exception of the Google client, which is never null. */
  public Throwable thrown() {
    return thrown;
  }

  /** Returns whether the service rejected the source token, and the token can be renewed. */
  public boolean isRenewable() {
    return renewal != null && failure.status() == Code.UNAUTHENTICATED;
  }

  /**
   * Fetches another source token.
   *
   * @throws FailedCallException this failure, if the source cannot renew the token after all
   * @throws SourceFailureException if the source fails
   */
  public void renew(Deadline deadline) throws FailedCallException, SourceFailureException {
    if (renewal == null) {
      return;
    }
    try {
      renewal.renew(deadline);
    } catch (SourceFailureException e) {
      if (e.getCause() instanceof IllegalStateException) {
        throw this;
      }
      throw e;
    }
  }

  /** Fetches another source token. */
  public interface Renewal {
    void renew(Deadline deadline) throws SourceFailureException;
  }
}
