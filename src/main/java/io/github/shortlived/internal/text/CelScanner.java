package io.github.shortlived.internal.text;

import java.util.regex.Pattern;

/**
 * Separates the code of a Common Expression Language expression from its string literals and
 * comments.
 *
 * @see <a href="https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax">Syntax</a>
 */
public final class CelScanner {
  private static final String RAW = "(?:[rR][bB]?|[bB][rR])";
  private static final Pattern LITERAL_OR_COMMENT =
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

  /** Returns the code, with a digit for each string literal and a blank for each comment. */
  public static String code(String expression) {
    return LITERAL_OR_COMMENT
        .matcher(expression)
        .replaceAll(found -> found.group().startsWith("//") ? " " : "0");
  }

  /**
   * Returns whether all brackets and literals are closed, so that the expression stays one operand
   * when it is put in brackets.
   */
  public static boolean isWhole(String expression) {
    String code = code(expression);
    int depth = 0;
    for (int i = 0; i < code.length() && depth >= 0; i++) {
      depth += depthChange(code.charAt(i));
    }
    return depth == 0 && code.indexOf('"') < 0 && code.indexOf('\'') < 0;
  }

  private static int depthChange(char character) {
    return switch (character) {
      case '(', '[', '{' -> 1;
      case ')', ']', '}' -> -1;
      default -> 0;
    };
  }
}
