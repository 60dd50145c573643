package io.github.shortlived.internal.text;

import java.util.regex.Pattern;

/**
 * Formats file paths for messages. A value that looks like the content of a key file (a common
 * mistake in environment variables) is replaced by its length.
 */
public final class SafePath {
  private static final int MAX_LENGTH = 1_000; // A key is longer, also in base64.
  private static final Pattern CONTENT = Pattern.compile("^[\\s'\"]*\\{|[\"\\p{Cntrl}]");

  private SafePath() {}

  /** Returns the path in quotation marks or, if it is no path, says what it looks like. */
  public static String of(String path) {
    return isPath(path)
        ? "'" + SafeText.visible(path) + "'"
        : "(%d characters that look like the content of a file, not its path)"
            .formatted(path.length());
  }

  public static boolean isPath(String text) {
    return text.length() <= MAX_LENGTH && !CONTENT.matcher(text).find() && SafeText.isClean(text);
  }
}
