package io.github.shortlived.internal.text;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Texts as words of a POSIX shell's command line. */
public final class ShellWord {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9@:._/-]+");

  private ShellWord() {}

  /**
   * The text as a word that the shell reads back exactly, quoted where it would read something into
   * it, such as a pool's {@code *}. Lines stay lines; other hidden characters are spelled out, so
   * that pasting the word is safe. NUL cannot be in any word.
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
