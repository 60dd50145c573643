package io.github.shortlived.internal.failure;

import com.google.common.base.Strings;
import com.google.common.io.BaseEncoding;
import java.io.IOException;
import java.util.Arrays;

/** A response that cannot be used, such as that of an intermediary. */
public final class MalformedResponseException extends IOException {
  static final String INCOMPLETE = "The response is incomplete";
  static final String NOT_JSON = "The response is not JSON";

  private static final long serialVersionUID = 1;
  // The message of google-http-client for an empty body.
  private static final String EMPTY_BODY = "no JSON input found";

  private static final String JSON_PARSER = "com.google.api.client.json.";

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
    return new MalformedResponseException(INCOMPLETE, false);
  }

  /** Creates an exception for a field that cannot be used; the message must not quote it. */
  static MalformedResponseException unusable(String message) {
    return new MalformedResponseException(message, false);
  }

  /** Creates an exception for a successful response of an intermediary, such as a login page. */
  public static MalformedResponseException notJson() {
    return new MalformedResponseException(NOT_JSON, true);
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
            && (Strings.isNullOrEmpty(thrown.getMessage())
                || EMPTY_BODY.equals(thrown.getMessage())
                || thrown.getCause() instanceof BaseEncoding.DecodingException
                || Arrays.stream(thrown.getStackTrace())
                    .anyMatch(frame -> frame.getClassName().startsWith(JSON_PARSER))));
  }

  /** Creates an exception for a response of the metadata server that is no email address. */
  public static MalformedResponseException notAnEmail() {
    return new MalformedResponseException("The response is not an email address", true);
  }

  boolean retryable() {
    return retryable;
  }
}
