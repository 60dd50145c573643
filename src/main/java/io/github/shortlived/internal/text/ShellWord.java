package io.github.shortlived.internal.text;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Quotes texts for a POSIX shell. */
public final class ShellWord {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9@:._/-]+");

  private ShellWord() {}

  /**
   * Returns a word that the shell reads as exactly this text, with quotation marks if it has
   * special characters, such as a pool's {@code *}. Line breaks stay; other hidden characters are
   * escaped, so that it is safe to paste the word. NUL cannot be in a word.
   */
  public static String of(String text) {
    return PLAIN.matcher(text).matches() ? text : quoted(text);
  }

  private static String quoted(String text) {
    String literal = text.replace("'", "'\\''");
    return "'" + SafeText.escape(literal, ShellWord::printed) + "'";
  }

  private static String printed(int character) {
    if (character == '\n') {
      return "\n";
    }
    StringBuilder octal = new StringBuilder();
    for (byte unit : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
      octal.append("\\%03o".formatted(unit & 0xFF));
    }
    return "'\"$(printf '" + octal + "')\"'";
  }
}
