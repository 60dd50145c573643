package io.github.shortlived.internal.failure;

import com.google.common.base.Strings;
import java.io.IOException;

/**
 * A source's service answered with something on which google-auth's reading stumbles, such as an
 * error in another form than OAuth's, an empty body or a list. Its status is lost by that.
 */
public final class MalformedResponseException extends IOException {
  private static final long serialVersionUID = 1;

  public MalformedResponseException(Throwable stumble) {
    super("google-auth could not read the answer");
    addSuppressed(stumble); // No cause: its words are about Java, not about the answer.
  }

  /** Whether this is how google-auth stumbles. */
  public static boolean isBehind(Throwable failure) {
    return failure instanceof ClassCastException
        || failure instanceof NullPointerException
        || (failure instanceof IllegalArgumentException
            && Strings.isNullOrEmpty(failure.getMessage()));
  }
}
