package io.github.shortlived.internal.text;

import com.google.common.base.Throwables;
import java.util.Arrays;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Makes texts of other parties safe to show: removes secrets and hidden characters. Redaction is
 * the last line of defence for messages.
 */
public final class SafeText {
  private static final String REDACTED = "[redacted]";
  private static final int MAX_EXCERPT = 200;
  // A longer text is not searched to its end, only as far as an excerpt could show it.
  private static final int MAX_READ = 20 * MAX_EXCERPT;

  private static final String LINE_BREAKS = "\t\n\u000b\f\r\u0085\u2028\u2029";

  // The beginning of a private key ends a token before it.
  private static final String CHARACTER = "(?:[A-Za-z0-9_]|-(?!----BEGIN ))";
  // Two slashes, plain, escaped in JSON or encoded in a form.
  private static final String SLASHES = "(?:\\\\?/|%2[Ff]){2}";

  /** Possessive after its beginning, and so linear and without recursion for all texts. */
  private static final Pattern SECRET =
      Pattern.compile(
          "(?:"
              + ("eyJ" + CHARACTER + "{8}") // JSON Web Tokens, assertions
              + ("|ya29\\." + CHARACTER) // access tokens
              + ("|1" + SLASHES + CHARACTER + "{8}") // refresh tokens
              + ("|GOCSPX-" + CHARACTER) // client secrets
              + ")"
              // The rest, with secrets that follow without a gap: they cannot be separated.
              + (CHARACTER + "*+(?:(?:\\.++|" + SLASHES + ")" + CHARACTER + "++)*+")
              + "|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)",
          Pattern.DOTALL);

  // google-auth quotes the output of a program.
  private static final Pattern OUTPUT =
      Pattern.compile(
          "(?<=The executable returned an invalid response: ).+"
              + "|(?<=The output_file specified contains an invalid or malformed response\\.).+",
          Pattern.DOTALL);
  // google-http-client quotes the query of a failed request; gax's own is harmless.
  private static final Pattern QUERY =
      Pattern.compile("\\b((?:GET|POST) https?://[^?\\s]*+\\?)(?!\\S*?(?:\\$|%24)alt=json)\\S++");

  private SafeText() {}

  /** Replaces every secret by {@code [redacted]}. */
  public static String redact(String text) {
    String shorter = OUTPUT.matcher(text).replaceAll(REDACTED);
    String plain = QUERY.matcher(shorter).replaceAll("$1" + REDACTED);
    return SECRET.matcher(plain).replaceAll(REDACTED);
  }

  /** Returns whether the text has no secret. */
  static boolean isClean(String text) {
    return redact(text).equals(text);
  }

  /**
   * Returns the exception itself if no message in its causes or suppressed exceptions has a secret;
   * otherwise a copy with the same stack traces and redacted messages.
   */
  public static Throwable redact(Throwable cause) {
    return isClean(cause) ? cause : redactedCopy(cause);
  }

  private static boolean isClean(Throwable failure) {
    return Throwables.getCausalChain(failure).stream()
        .allMatch(
            link ->
                isClean(link.toString())
                    && Arrays.stream(link.getSuppressed()).allMatch(SafeText::isClean));
  }

  private static Throwable redactedCopy(Throwable original) {
    Throwable cause = original.getCause();
    Exception copy =
        new Exception(redact(original.toString()), cause == null ? null : redactedCopy(cause));
    copy.setStackTrace(original.getStackTrace());
    for (Throwable suppressed : original.getSuppressed()) {
      copy.addSuppressed(redact(suppressed));
    }
    return copy;
  }

  /** Replaces each of the {@link HiddenCharacters} by this function of its code point. */
  public static String escape(String text, Function<Integer, String> escaping) {
    return HiddenCharacters.PATTERN
        .matcher(text)
        .replaceAll(
            hidden -> Matcher.quoteReplacement(escaping.apply(hidden.group().codePointAt(0))));
  }

  /** Replaces each hidden character by a space. */
  public static String oneLine(String text) {
    return escape(text, hidden -> " ");
  }

  /**
   * Returns the text in one line, with the escapes of Java for hidden characters: two texts that
   * differ look different.
   */
  public static String visible(String text) {
    return escape(text, hidden -> LINE_BREAKS.indexOf(hidden) >= 0 ? " " : javaEscape(hidden));
  }

  /** Returns the escape of Java for a character, in two parts for a supplementary character. */
  public static String javaEscape(int character) {
    return Character.toString(character)
        .chars()
        .mapToObj("\\u%04x"::formatted)
        .collect(Collectors.joining());
  }

  /** Returns the beginning of a text in one line: redacted, 200 characters at most. */
  public static String excerpt(String text) {
    String begin = text.substring(0, Math.min(text.length(), MAX_READ));
    String line = oneLine(redact(begin)).replaceAll("\\s+", " ").strip();
    if (line.length() <= MAX_EXCERPT) {
      return line;
    }
    int cut = MAX_EXCERPT - 1; // the ellipsis counts
    boolean splitsPair = Character.isHighSurrogate(line.charAt(cut - 1));
    return line.substring(0, splitsPair ? cut - 1 : cut) + "…";
  }
}
