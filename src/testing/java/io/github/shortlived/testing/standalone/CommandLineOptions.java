package io.github.shortlived.testing.standalone;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;

/** The options on the command line of the standalone emulator. */
record CommandLineOptions(
    boolean help, Path folder, int port, Optional<Path> world, Optional<Instant> clock) {
  static final String USAGE =
      """
      Usage: [--dir DIR] [--port N] [--world FILE] [--clock ISO-INSTANT] [--help]

      Runs the IAM emulator, for tests only, until SIGTERM or SIGINT.
      The first line of its output is "ready http://127.0.0.1:PORT".

        --dir DIR            the folder for key files, Application Default Credentials
                             and env.sh (target/emulator)
        --port N             the loopback port for REST (a free one)
        --world FILE         a JSON file with projects, accounts and policies
                             (project demo-project with sa-1, sa-2, sa-3)
        --clock ISO-INSTANT  the time at which the clock starts, such as
                             2030-01-01T00:00:00Z (now)
        --help               this text
      """;

  static CommandLineOptions parse(String... arguments) {
    boolean help = false;
    Path folder = Path.of("target", "emulator");
    int port = 0;
    Optional<Path> world = Optional.empty();
    Optional<Instant> clock = Optional.empty();
    Iterator<String> rest = Arrays.asList(arguments).iterator();
    while (rest.hasNext()) {
      String option = rest.next();
      switch (option) {
        case "--help" -> help = true;
        case "--dir" -> folder = path(option, rest);
        case "--port" -> port = port(value(option, rest));
        case "--world" -> world = Optional.of(path(option, rest));
        case "--clock" -> clock = Optional.of(instant(value(option, rest)));
        default -> throw new IllegalArgumentException("\"" + option + "\" is not an option");
      }
    }
    return new CommandLineOptions(help, folder, port, world, clock);
  }

  private static String value(String option, Iterator<String> rest) {
    String value = rest.hasNext() ? rest.next() : "";
    if (value.isBlank() || value.startsWith("--")) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return value;
  }

  private static Path path(String option, Iterator<String> rest) {
    String value = value(option, rest);
    try {
      return Path.of(value);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(option + " \"" + value + "\" is not a path", e);
    }
  }

  private static int port(String value) {
    if (!value.matches("\\d{1,5}") || Integer.parseInt(value) > 65535) {
      throw new IllegalArgumentException(
          "--port \"" + value + "\" is not a port: use a number from 0 (any free one) to 65535");
    }
    return Integer.parseInt(value);
  }

  private static Instant instant(String value) {
    try {
      return Instant.parse(value);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "--clock \"" + value + "\" is not an instant: use one such as 2030-01-01T00:00:00Z", e);
    }
  }
}
