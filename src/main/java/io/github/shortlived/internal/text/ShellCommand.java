package io.github.shortlived.internal.text;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/** Formats commands for POSIX shells, with quoted values. */
public final class ShellCommand {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9@:._/-]+");

  private ShellCommand() {}

  /**
   * Formats the command that adds or removes a binding of a service account.
   *
   * @param verb {@code add} or {@code remove}
   * @param condition the value of the flag {@code --condition}
   */
  public static String editBinding(
      String verb, String account, String member, String role, String condition) {
    return "gcloud iam service-accounts %s-iam-policy-binding %s --member=%s --role=%s --condition=%s"
        .formatted(verb, account, word(member), word(role), word(condition));
  }

  /**
   * Formats the command that enables an API, with words in capitals for missing values.
   *
   * @param metadata the metadata of the service's {@code ErrorInfo}
   */
  public static String enableService(Map<String, String> metadata) {
    String project = metadata.getOrDefault("consumer", "projects/PROJECT");
    return "gcloud services enable %s --project=%s"
        .formatted(
            word(metadata.getOrDefault("service", "SERVICE")),
            word(project.replaceFirst("^projects/", "")));
  }

  /**
   * Returns a word that the shell reads as exactly this text, with quotation marks if it has
   * special characters, such as a pool's {@code *}. Line breaks stay; other hidden characters are
   * escaped, so that it is safe to paste the word. NUL cannot be in a word.
   */
  public static String word(String text) {
    return PLAIN.matcher(text).matches() ? text : quoted(text);
  }

  private static String quoted(String text) {
    String literal = text.replace("'", "'\\''");
    return "'" + SafeText.escape(literal, ShellCommand::printed) + "'";
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
