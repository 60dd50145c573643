package io.github.shortlived.internal.text;

import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableList;
import com.google.common.graph.Traverser;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Makes texts of other parties safe to show: removes secrets and hidden characters. Redaction is
 * the last line of defence for messages.
 */
public final class SafeText {
  private static final String REDACTED = "[redacted]";
  private static final int MAX_EXCERPT = 200;
  // A longer text is neither searched nor shown to its end.
  private static final int MAX_READ = 20 * MAX_EXCERPT;
  private static final CharMatcher BETWEEN_WORDS = CharMatcher.anyOf(" \t\r\n\"'<>()[]{},");

  private static final String LINE_BREAKS = "\t\n\u000b\f\r\u0085\u2028\u2029";

  // Hidden characters other than line breaks and spaces belong to a token that they are in.
  private static final String INVISIBLE = "[" + HiddenCharacters.ANY + "&&[^\\p{Z}\\p{Cc}]]";
  // The beginning of a private key ends a token before it.
  private static final String CHARACTER = "(?:[A-Za-z0-9_]|-(?!----BEGIN)|" + INVISIBLE + ")";
  // Line breaks or other hidden characters, with the indentation after them.
  private static final String BREAKS = "(?:=?" + HiddenCharacters.ANY + "[ \\t]*+)++";
  // After a break, all but a word of a sentence and the name of a field belongs to the token.
  private static final String BREAK =
      "(?:" + BREAKS + "(?!\\.?[A-Za-z]{0,12}+[ \\t]|\\.?[A-Za-z0-9_-]++[:=]))?+";

  /** Possessive after its beginning, and so linear and without recursion for all texts. */
  private static final Pattern SECRET =
      Pattern.compile(
          "(?:"
              + ("(?<![A-Za-z0-9])" + broken("eyJ") + following(8)) // JSON Web Tokens, assertions
              + ("|" + broken("ya29.") + following(1)) // access tokens
              // Refresh tokens, but neither the end of a version nor of an IP address.
              + ("|(?<![A-Za-z0-9]|[0-9]\\.)" + broken("1//") + following(8))
              + ("|" + broken("GOCSPX-") + following(1)) // client secrets
              + ")"
              // The rest, with secrets that follow without a gap, because they cannot be separated.
              + ("(?:(?://|\\.*+" + BREAK + "\\.?+)" + CHARACTER + "++)*+")
              + "|-----BEGIN[^-]{1,40}+(?<=PRIVATE.KEY)-----"
              + ".*?(?:-----END[^-]{1,40}+(?<=PRIVATE.KEY)-----|$)",
          Pattern.DOTALL);

  /** Matches these characters, also with hidden characters between and after them. */
  private static String broken(String characters) {
    return characters
        .chars()
        .mapToObj(character -> Pattern.quote(Character.toString(character)) + BREAK)
        .collect(Collectors.joining());
  }

  private static String following(int count) {
    return "(?:" + CHARACTER + BREAK + "){" + count + "}+";
  }

  // Digits of base64, also over several lines, that are long enough for a secret.
  private static final Pattern BASE64 =
      Pattern.compile("[A-Za-z0-9+/_-]{16,}+(?:" + BREAKS + "[A-Za-z0-9+/_-]++)*+={0,2}");
  private static final int BASE64_UNIT = 4; // The digits of three bytes.

  // google-auth quotes the output of a program, and HTTP clients a header that they refuse.
  private static final Pattern QUOTED =
      Pattern.compile(
          "(?<=Illegal character\\(s\\) in message header value: ).+"
              + "|(?<=invalid header value: ).+"
              + "|(?<=The executable returned an invalid response: ).+"
              + "|(?<=The output_file specified contains an invalid or malformed response\\.).+",
          Pattern.DOTALL);
  // google-http-client quotes the query of a failed request; gax's own is harmless.
  private static final Pattern QUERY =
      Pattern.compile("\\b((?:GET|POST) https?://[^?\\s]*+\\?)(?!\\S*?(?:\\$|%24)alt=json)\\S++");

  // An escape, except that of the equals sign, which no token has and each URL of gax has.
  private static final Pattern ESCAPE = Pattern.compile("[&\\\\]|%(?!3D)");

  private static final Pattern HIDDEN = Pattern.compile(HiddenCharacters.ANY);

  // The cause and the suppressed exceptions of an exception.
  private static final Traverser<Throwable> RELATED =
      Traverser.forGraph(
          thrown ->
              Stream.concat(Stream.ofNullable(thrown.getCause()), Stream.of(thrown.getSuppressed()))
                  .toList());

  private SafeText() {}

  /** Replaces every secret by {@code [redacted]}. */
  public static String redact(String text) {
    String shorter = QUOTED.matcher(text).replaceAll(REDACTED);
    String plain = QUERY.matcher(shorter).replaceAll("$1" + REDACTED);
    return replaced(replaced(plain, SECRET, secret -> true), BASE64, SafeText::encodesSecret);
  }

  private static String replaced(String text, Pattern pattern, Predicate<String> isSecret) {
    if (!ESCAPE.matcher(text).find()) {
      return pattern
          .matcher(text)
          .replaceAll(
              found ->
                  isSecret.test(found.group())
                      ? REDACTED
                      : Matcher.quoteReplacement(found.group()));
    }
    DecodedText decoded = DecodedText.of(text);
    StringBuilder result = new StringBuilder();
    int end = 0;
    Matcher match = pattern.matcher(decoded.text());
    while (match.find()) {
      if (isSecret.test(match.group())) {
        result.append(text, end, decoded.origin(match.start())).append(REDACTED);
        end = decoded.origin(match.end());
      }
    }
    return result.append(text, end, text.length()).toString();
  }

  /** Decodes from each of the first digits, because other text may precede the encoded text. */
  private static boolean encodesSecret(String text) {
    String digits = text.replaceAll("[^A-Za-z0-9+/_-]", "").replace('-', '+').replace('_', '/');
    return IntStream.range(0, BASE64_UNIT)
        .mapToObj(start -> digits.substring(start))
        .map(rest -> rest.substring(0, rest.length() / BASE64_UNIT * BASE64_UNIT))
        .map(units -> new String(Base64.getDecoder().decode(units), StandardCharsets.ISO_8859_1))
        .anyMatch(decoded -> SECRET.matcher(decoded).find());
  }

  /** Redacts the beginning of a text, 4,000 characters at most. */
  private static String redactedBeginning(String text) {
    return redact(beginning(text));
  }

  /** Cuts a long text where no secret can be: half a secret might not be recognized. */
  private static String beginning(String text) {
    if (text.length() <= MAX_READ) {
      return text;
    }
    String begin = text.substring(0, MAX_READ);
    int gap = BETWEEN_WORDS.lastIndexIn(begin);
    return begin.substring(0, gap < 0 ? MAX_READ : gap) + " …";
  }

  /** Returns whether the text has no secret. */
  static boolean isClean(String text) {
    return redact(text).equals(text);
  }

  /**
   * Returns the exception itself if no message in its causes or suppressed exceptions has a secret
   * or is very long; otherwise a copy with the same stack traces and redacted messages.
   */
  public static Throwable redact(Throwable cause) {
    ImmutableList<Throwable> all = ImmutableList.copyOf(RELATED.breadthFirst(cause));
    if (all.stream().map(Throwable::toString).allMatch(SafeText::isShownWhole)) {
      return cause;
    }
    IdentityHashMap<Throwable, Exception> copies = new IdentityHashMap<>();
    all.forEach(original -> copies.put(original, redactedCopy(original)));
    copies.forEach((original, copy) -> link(original, copy, copies));
    return Objects.requireNonNull(copies.get(cause));
  }

  private static boolean isShownWhole(String message) {
    return redactedBeginning(message).equals(message);
  }

  private static Exception redactedCopy(Throwable original) {
    Exception copy = new Exception(redactedBeginning(original.toString()));
    copy.setStackTrace(original.getStackTrace());
    return copy;
  }

  /** Two exceptions may be related in a circle, so all are copied before they are linked. */
  private static void link(
      Throwable original, Exception copy, IdentityHashMap<Throwable, Exception> copies) {
    copy.initCause(original.getCause() == null ? null : copies.get(original.getCause()));
    for (Throwable suppressed : original.getSuppressed()) {
      copy.addSuppressed(Objects.requireNonNull(copies.get(suppressed)));
    }
  }

  /** Returns whether the text has one of the {@link HiddenCharacters}. */
  public static boolean hasHidden(String text) {
    return HIDDEN.matcher(text).find();
  }

  /** Returns whether the text can be encoded in UTF-8: each surrogate has its pair. */
  public static boolean isWellFormed(String text) {
    return text.codePoints()
        .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }

  /** Replaces each of the {@link HiddenCharacters} by this function of its code point. */
  public static String escape(String text, Function<Integer, String> escaping) {
    return HIDDEN
        .matcher(text)
        .replaceAll(
            hidden -> Matcher.quoteReplacement(escaping.apply(hidden.group().codePointAt(0))));
  }

  /** Replaces each hidden character by a space. */
  public static String oneLine(String text) {
    return escape(text, hidden -> " ");
  }

  /**
   * Returns the text in one line, with a space for a line break or a tab and the escape of Java for
   * any other hidden character.
   */
  public static String visible(String text) {
    return escape(text, hidden -> LINE_BREAKS.indexOf(hidden) >= 0 ? " " : javaEscape(hidden));
  }

  /** Returns the beginning of a text as {@link #visible} shows it, redacted. */
  public static String visibleBeginning(String text) {
    return visible(redactedBeginning(text));
  }

  /** Returns the escape of Java for a character, in two parts for a supplementary character. */
  public static String javaEscape(int character) {
    return Character.toString(character)
        .chars()
        .mapToObj("\\u%04x"::formatted)
        .collect(Collectors.joining());
  }

  /** Returns a text in one line: redacted, and the beginning only if it is very long. */
  public static String line(String text) {
    return oneLine(redactedBeginning(text));
  }

  /** Returns the beginning of a text in one line: redacted, 200 characters at most. */
  public static String excerpt(String text) {
    String line = line(text).replaceAll("\\s+", " ").strip();
    if (line.length() <= MAX_EXCERPT) {
      return line;
    }
    int cut = MAX_EXCERPT - 1; // the ellipsis counts
    boolean splitsPair = Character.isHighSurrogate(line.charAt(cut - 1));
    return line.substring(0, splitsPair ? cut - 1 : cut) + "…";
  }
}
