package io.github.shortlived.internal.failure;

import com.google.auth.oauth2.GoogleCredentials;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The source credentials returned no token, so that the call itself was not sent. */
public final class SourceFailureException extends IOException {
  private static final long serialVersionUID = 1;

  private final transient @Nullable SourceEndpoint called;
  private final transient @Nullable GoogleCredentials impersonator;

  public SourceFailureException(Exception cause) {
    this(null, null, cause);
  }

  SourceFailureException(
      @Nullable SourceEndpoint called, @Nullable GoogleCredentials impersonator, Exception cause) {
    super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    this.called = called;
    this.impersonator = impersonator;
  }

  /** Creates the exception for a failure of these credentials. */
  public static SourceFailureException of(GoogleCredentials source, Exception cause) {
    return new SourceFailureException(
        SourceEndpoint.of(source, cause),
        SourceEndpoint.impersonator(source, cause).orElse(null),
        cause);
  }

  /** Returns the service that failed; null if it is unknown. */
  @Nullable SourceEndpoint called() {
    return called;
  }

  /** Returns the credentials that may not impersonate their account, if IAM refused it. */
  public Optional<GoogleCredentials> impersonator() {
    return Optional.ofNullable(impersonator);
  }
}
