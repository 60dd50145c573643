package io.github.shortlived;

import com.google.auth.Retryable;
import io.github.shortlived.model.CredentialException;
import java.io.IOException;

/**
 * A failure as google-auth reports it. gRPC maps retryable ones to UNAVAILABLE, which clients
 * retry, and all others to UNAUTHENTICATED.
 */
@SuppressWarnings("serial") // Throwables are serializable by inheritance; this is not meant to be.
final class IssuanceIOException extends IOException implements Retryable {
  private final boolean retryable;

  IssuanceIOException(CredentialException cause) {
    super(cause.getMessage(), cause);
    this.retryable = cause.isRetryable();
  }

  @Override
  public boolean isRetryable() {
    return retryable;
  }

  /** Returns 0: google-auth itself has not retried. */
  @Override
  public int getRetryCount() {
    return 0;
  }
}
