package io.github.shortlived.internal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The source credentials gave no token: the call itself was never made. */
public final class SourceFailureException extends IOException {
  private static final long serialVersionUID = 1;

  private final transient @Nullable ServiceMethod called;

  public SourceFailureException(Exception cause) {
    this(null, cause);
  }

  SourceFailureException(@Nullable ServiceMethod called, Exception cause) {
    super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    this.called = called;
  }

  /** Who was asked for the token, where the credentials tell. */
  @Nullable ServiceMethod called() {
    return called;
  }
}
