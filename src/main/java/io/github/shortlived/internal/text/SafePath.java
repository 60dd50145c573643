package io.github.shortlived.internal.text;

import java.util.regex.Pattern;

/**
 * A file's path as messages tell it. Where a path is wanted a whole key is given by mistake, most
 * of all in an environment variable; that is not repeated.
 */
public final class SafePath {
  private static final int LONGEST = 1_000; // A key is longer, in base64 too.
  private static final Pattern CONTENT = Pattern.compile("^[\\s'\"]*\\{|[\"\\p{Cntrl}]");

  private SafePath() {}

  /** In quotation marks, or what is there in its place. */
  public static String of(String path) {
    return isPath(path)
        ? "'" + path + "'"
        : "(%d characters that look like the content of a file, not its path)"
            .formatted(path.length());
  }

  public static boolean isPath(String text) {
    return text.length() <= LONGEST && !CONTENT.matcher(text).find() && SafeText.isClean(text);
  }
}
