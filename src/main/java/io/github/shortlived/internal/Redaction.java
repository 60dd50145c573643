package io.github.shortlived.internal;

import com.google.common.base.Throwables;
import java.util.regex.Pattern;

/**
 * Takes out of a foreign text whatever looks like a secret: the last line of defence for messages.
 */
public final class Redaction {
  // Where a private key begins, whatever goes before it ends.
  private static final String CHARACTER = "(?:[A-Za-z0-9_]|-(?!----BEGIN ))";
  // As it is, in JSON that escapes it, and in a form.
  private static final String SLASHES = "(?:\\\\?/|%2[Ff]){2}";

  /** Possessive after its beginning, and so linear and without recursion, whatever the text. */
  private static final Pattern SECRET =
      Pattern.compile(
          "(?:"
              + ("eyJ" + CHARACTER + "{8}") // JSON Web Tokens, assertions
              + ("|ya29\\." + CHARACTER) // access tokens
              + ("|1" + SLASHES + CHARACTER + "{8}") // refresh tokens
              + ("|GOCSPX-" + CHARACTER) // client secrets
              + ")"
              // Its rest, with any other that follows without a gap: nobody can tell them apart.
              + (CHARACTER + "*+(?:(?:\\.++|" + SLASHES + ")" + CHARACTER + "++)*+")
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
