package io.github.shortlived.internal.failure;

import com.google.common.base.Strings;
import java.io.IOException;

/** A response that cannot be used, such as that of an intermediary. */
public final class MalformedResponseException extends IOException {
  private static final long serialVersionUID = 1;

  private final boolean retryable;

  private MalformedResponseException(String message, boolean retryable) {
    super(message);
    this.retryable = retryable;
  }

  /**
   * Creates an exception for a successful response in which a field is missing. Quotes nothing,
   * because the response may be a secret.
   */
  public static MalformedResponseException incomplete() {
    return new MalformedResponseException("The response is incomplete", false);
  }

  /**
   * Creates an exception for a response that google-auth could not parse (for example a non-OAuth
   * error, an empty body or an array), which loses the HTTP status.
   */
  public static MalformedResponseException unreadable(Throwable parseFault) {
    MalformedResponseException unreadable =
        new MalformedResponseException("google-auth could not read the response", true);
    // Not the cause, because its message describes a Java error.
    unreadable.addSuppressed(parseFault);
    return unreadable;
  }

  /** Returns whether google-auth throws this when it cannot parse a response. */
  public static boolean isParseFault(Throwable thrown) {
    return thrown instanceof ClassCastException
        || thrown instanceof NullPointerException
        || (thrown instanceof IllegalArgumentException
            && Strings.isNullOrEmpty(thrown.getMessage()));
  }

  boolean retryable() {
    return retryable;
  }
}
