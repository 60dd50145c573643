package io.github.shortlived.internal;

import com.google.common.base.Throwables;
import java.util.regex.Pattern;

/**
 * Takes out of a foreign text whatever looks like a secret: the last line of defence for messages.
 */
public final class Redaction {
  private static final Pattern SECRET =
      Pattern.compile(
          "eyJ[A-Za-z0-9_-]{8,}(?:\\.[A-Za-z0-9_-]*){0,2}" // JSON Web Tokens, assertions
              + "|ya29\\.[A-Za-z0-9._-]+" // access tokens
              + "|1//[A-Za-z0-9_-]{8,}" // refresh tokens
              + "|GOCSPX-[A-Za-z0-9_-]+" // client secrets
              + "|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)",
          Pattern.DOTALL);

  private Redaction() {}

  /**
   * The cause itself if no message in its chain holds a secret; otherwise a stand-in with the same
   * stack traces and the redacted words.
   */
  public static Throwable redact(Throwable cause) {
    boolean clean =
        Throwables.getCausalChain(cause).stream()
            .map(String::valueOf)
            .allMatch(text -> text.equals(redact(text)));
    return clean ? cause : standIn(cause);
  }

  private static Throwable standIn(Throwable original) {
    Throwable cause = original.getCause();
    Exception standIn =
        new Exception(redact(original.toString()), cause == null ? null : standIn(cause));
    standIn.setStackTrace(original.getStackTrace());
    return standIn;
  }

  /** The text with every secret replaced by {@code [redacted]}. */
  public static String redact(String text) {
    return SECRET.matcher(text).replaceAll("[redacted]");
  }
}
