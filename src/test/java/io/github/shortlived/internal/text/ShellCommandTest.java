package io.github.shortlived.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.NastyTexts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellCommandTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"allUsers", "user:me@example.com", "roles/iam.serviceAccountUser", "a-b_c/d"})
  void word_nothingToQuote_isTheTextItself(String text) {
    assertThat(ShellCommand.word(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "~", "=", "a b", "a*", "a[b]", "$HOME", "a;b", "!", "a\\b", "é", "a\nb"})
  void word_textWithShellCharacters_isQuoted(String text) {
    assertThat(ShellCommand.word(text)).isEqualTo("'" + text + "'");
  }

  @Test
  void word_quote_isOutsideTheQuotes() {
    assertThat(ShellCommand.word("o'neill")).isEqualTo("'o'\\''neill'");
  }

  @Test
  void word_controlCharacters_areEscaped() {
    assertThat(ShellCommand.word("a\u001b[31m\u202e"))
        .isEqualTo("'a'\"$(printf '\\033')\"'[31m'\"$(printf '\\342\\200\\256')\"''");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void word_nastyTexts_areUnchangedInTheShell(@TempDir Path folder) throws Exception {
    List<String> texts = NastyTexts.all();
    assertThat(readByShell(texts, folder)).isEqualTo(texts);
  }

  /** Passes the script in a file, because command lines depend on the locale of the machine. */
  private static List<String> readByShell(List<String> texts, Path folder)
      throws IOException, InterruptedException {
    String words = texts.stream().map(ShellCommand::word).collect(Collectors.joining(" "));
    Path script = Files.writeString(folder.resolve("words.sh"), "printf '%s\\0' " + words + "\n");
    Path output = folder.resolve("output");
    Process shell =
        new ProcessBuilder("sh", script.toString()).redirectOutput(output.toFile()).start();
    assertThat(shell.waitFor()).isZero();
    return List.of(Files.readString(output, StandardCharsets.UTF_8).split("\0"));
  }
}
