package io.github.shortlived.testing.standalone;

import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.Iterables;
import com.google.common.collect.ListMultimap;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The options on the command line of the standalone emulator.
 *
 * @param users the email addresses of users who get credentials
 * @param workloadAccount the account that the workloads impersonate; empty for none
 */
record CommandLineOptions(
    boolean help,
    Path folder,
    int port,
    Optional<Path> world,
    Optional<Instant> clock,
    List<String> users,
    List<Workload> workloads,
    Optional<String> workloadAccount) {
  static final String USAGE =
      """
      Usage: [--dir DIR] [--port N] [--world FILE] [--clock ISO-INSTANT]
             [--user-token EMAIL]... [--subject-token PROJECT/POOL/PROVIDER=SUBJECT]...
             [--workload-account EMAIL] [--help]

      Runs the IAM emulator, for tests only, until SIGTERM or SIGINT.
      The first line of its output is "ready http://127.0.0.1:PORT".

        --dir DIR            the folder for key files, Application Default Credentials
                             and env.sh (target/emulator)
        --port N             the loopback port for REST (a free one)
        --world FILE         a JSON file with projects, accounts and policies
                             (project demo-project with sa-1, sa-2, sa-3)
        --clock ISO-INSTANT  the time at which the clock starts, such as
                             2030-01-01T00:00:00Z (now)
        --user-token EMAIL   writes EMAIL.json, a user's Application Default Credentials, and
                             EMAIL.token, an access token for 12 hours; repeatable
        --subject-token PROJECT/POOL/PROVIDER=SUBJECT
                             writes workload-1.json, the workload identity federation of a
                             subject of a declared pool, and workload-1.jwt, its subject token
                             for 12 hours; repeatable, with the next number
        --workload-account EMAIL
                             the service account that the workloads impersonate (none)
        --help               this text
      """;

  private static final Set<String> WITH_VALUE =
      Set.of(
          "--dir",
          "--port",
          "--world",
          "--clock",
          "--user-token",
          "--subject-token",
          "--workload-account");
  // It is also the name of a file, so it has no slash.
  private static final Pattern USER = Pattern.compile("[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+");

  static CommandLineOptions parse(String... arguments) {
    ListMultimap<String, String> values = ArrayListMultimap.create();
    boolean help = false;
    Iterator<String> rest = Arrays.asList(arguments).iterator();
    while (rest.hasNext()) {
      String option = rest.next();
      if (option.equals("--help")) {
        help = true;
      } else if (WITH_VALUE.contains(option)) {
        values.put(option, value(option, rest));
      } else {
        throw new IllegalArgumentException("\"" + option + "\" is not an option");
      }
    }
    return of(help, values);
  }

  /** Of an option that is not repeatable, the last value counts. */
  private static CommandLineOptions of(boolean help, ListMultimap<String, String> values) {
    Function<String, Optional<String>> last =
        option -> Optional.ofNullable(Iterables.getLast(values.get(option), null));
    return new CommandLineOptions(
        help,
        last.apply("--dir").map(dir -> path("--dir", dir)).orElse(Path.of("target", "emulator")),
        last.apply("--port").map(CommandLineOptions::port).orElse(0),
        last.apply("--world").map(file -> path("--world", file)),
        last.apply("--clock").map(CommandLineOptions::instant),
        values.get("--user-token").stream().map(CommandLineOptions::user).distinct().toList(),
        values.get("--subject-token").stream().map(Workload::parse).toList(),
        last.apply("--workload-account"));
  }

  private static String user(String value) {
    if (!USER.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "--user-token \""
              + value
              + "\" is not an email address: use one such as admin@example.com");
    }
    return value;
  }

  private static String value(String option, Iterator<String> rest) {
    String value = rest.hasNext() ? rest.next() : "";
    if (value.isBlank() || value.startsWith("--")) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return value;
  }

  private static Path path(String option, String value) {
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
