package io.github.shortlived;

import com.google.auth.Retryable;
import io.github.shortlived.model.CredentialException;
import java.io.IOException;

/**
 * A failure in google-auth's form. It says whether another try is worth it: gRPC makes UNAVAILABLE
 * of those that are, which clients repeat, and UNAUTHENTICATED of the others.
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

  /** Those that the cause tells of are over; google-auth adds none. */
  @Override
  public int getRetryCount() {
    return 0;
  }
}
