package io.github.shortlived.internal.text;

import com.google.common.base.Throwables;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Takes out of a foreign text whatever looks like a secret: the last line of defence for messages.
 */
public final class Redaction {
  private static final String REDACTED = "[redacted]";

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

  // What google-auth repeats whole, whatever it holds: a program's output.
  private static final Pattern OUTPUT =
      Pattern.compile(
          "(?<=The executable returned an invalid response: ).+"
              + "|(?<=The output_file specified contains an invalid or malformed response\\.).+",
          Pattern.DOTALL);
  // And google-http-client: the query of a request that failed, unless gax wrote it.
  private static final Pattern QUERY =
      Pattern.compile("\\b((?:GET|POST) https?://[^?\\s]*+\\?)(?!\\S*?(?:\\$|%24)alt=json)\\S++");

  private Redaction() {}

  /**
   * The cause itself if no message in its chain, or suppressed there, holds a secret; otherwise a
   * stand-in with the same stack traces and the redacted words.
   */
  public static Throwable redact(Throwable cause) {
    return isClean(cause) ? cause : standIn(cause);
  }

  private static boolean isClean(Throwable failure) {
    return Throwables.getCausalChain(failure).stream()
        .allMatch(
            link ->
                isClean(link.toString())
                    && Arrays.stream(link.getSuppressed()).allMatch(Redaction::isClean));
  }

  /** Whether there is nothing in the text that would be taken out. */
  public static boolean isClean(String text) {
    return redact(text).equals(text);
  }

  private static Throwable standIn(Throwable original) {
    Throwable cause = original.getCause();
    Exception standIn =
        new Exception(redact(original.toString()), cause == null ? null : standIn(cause));
    standIn.setStackTrace(original.getStackTrace());
    for (Throwable suppressed : original.getSuppressed()) {
      standIn.addSuppressed(redact(suppressed));
    }
    return standIn;
  }

  /** The text with every secret replaced by {@code [redacted]}. */
  public static String redact(String text) {
    String shorter = OUTPUT.matcher(text).replaceAll(REDACTED);
    String plain = QUERY.matcher(shorter).replaceAll("$1" + REDACTED);
    return SECRET.matcher(plain).replaceAll(REDACTED);
  }
}
