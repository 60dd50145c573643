package io.github.shortlived.internal.text;

/** A foreign text as one short line that is safe to show, such as a proxy's page. */
public final class Excerpt {
  private static final int LONGEST = 200;
  // A page is not searched for secrets to its end, only as far as they could be shown.
  private static final int READ = 20 * LONGEST;

  private Excerpt() {}

  /** The beginning of the text: redacted, without hidden characters, 200 characters at most. */
  public static String of(String text) {
    String begin = text.substring(0, Math.min(text.length(), READ));
    String line =
        HiddenCharacters.spelled(Redaction.redact(begin), hidden -> " ")
            .replaceAll("\\s+", " ")
            .strip();
    return line.length() <= LONGEST ? line : line.substring(0, cut(line)) + "…";
  }

  /** Not between the two halves of one character. */
  private static int cut(String line) {
    int last = LONGEST - 1; // the ellipsis counts
    return Character.isHighSurrogate(line.charAt(last - 1)) ? last - 1 : last;
  }
}
