package io.github.shortlived.policy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of the Common Expression Language as it takes to tell its code from texts and comments.
 *
 * @see <a href="https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax">Syntax</a>
 */
public final class CelScanner {
  private static final String RAW = "(?:[rR][bB]?|[bB][rR])";
  private static final Pattern NO_CODE =
      Pattern.compile(
          RAW
              + "\"\"\".*?\"\"\"|"
              + RAW
              + "'''.*?'''|"
              + RAW
              + "(?:\"[^\"\\n]*+\"|'[^'\\n]*+')"
              + "|\"\"\"(?:[^\\\\\"]++|\\\\.|\"(?!\"\"))*+\"\"\""
              + "|'''(?:[^\\\\']++|\\\\.|'(?!''))*+'''"
              + "|\"(?:[^\\\\\"\\n]++|\\\\.)*+\"|'(?:[^\\\\'\\n]++|\\\\.)*+'"
              + "|//[^\\n]*+",
          Pattern.DOTALL);

  private CelScanner() {}

  /** The code alone: a digit stands for a text, a blank for a comment. */
  public static String code(String expression) {
    return NO_CODE
        .matcher(expression)
        .replaceAll(found -> Matcher.quoteReplacement(isComment(found.group()) ? " " : "0"));
  }

  private static boolean isComment(String text) {
    return text.startsWith("//");
  }

  /**
   * Whether every bracket and text ends within the expression and none begins before it, so that it
   * stays one operand when it is put in brackets.
   */
  public static boolean isWhole(String expression) {
    String code = code(expression);
    int depth = 0;
    for (int i = 0; i < code.length() && depth >= 0; i++) {
      depth += step(code.charAt(i));
    }
    return depth == 0 && code.indexOf('"') < 0 && code.indexOf('\'') < 0;
  }

  private static int step(char character) {
    return switch (character) {
      case '(', '[', '{' -> 1;
      case ')', ']', '}' -> -1;
      default -> 0;
    };
  }
}
