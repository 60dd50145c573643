package io.github.shortlived;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Texts with characters that are special to a shell, gcloud or Terraform. */
public final class NastyTexts {
  private static final List<String> PIECES =
      List.of(
          "a",
          " ",
          "'",
          "\"",
          "\\",
          "\n",
          "\r",
          "\t",
          "$",
          "{",
          "}",
          "${",
          "%{",
          "%",
          "$(id)",
          "`",
          "!",
          "*",
          "?",
          "~",
          "#",
          "&",
          ";",
          "|",
          "|1;",
          "|2",
          "<",
          ">",
          "(",
          ")",
          "[",
          "]",
          "=",
          ",",
          ":",
          "^",
          "^|^",
          "-",
          "\u001b[31m",
          "\u007f",
          "\u009b",
          "\u202e",
          "\u2028",
          "\ufeff",
          "é",
          "€",
          "\ud83d\udd11",
          "\udb40\udc41",
          "u000a");
  private static final int TEXTS = 300;
  private static final int LENGTH = 12;

  private NastyTexts() {}

  /** Returns each piece alone and many mixtures of them, the same in every run. */
  public static List<String> all() {
    Random random = new Random(20_260_504);
    Stream<String> mixtures = IntStream.range(0, TEXTS).mapToObj(i -> mixture(random));
    return Stream.concat(PIECES.stream(), mixtures).toList();
  }

  private static String mixture(Random random) {
    return random
        .ints(1 + random.nextInt(LENGTH), 0, PIECES.size())
        .mapToObj(PIECES::get)
        .collect(Collectors.joining());
  }
}
