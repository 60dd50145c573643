package io.github.shortlived.internal;

import java.io.IOException;

/** The source credentials gave no token: the call itself was never made. */
public final class SourceFailureException extends IOException {
  private static final long serialVersionUID = 1;

  public SourceFailureException(Exception cause) {
    super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
  }
}
