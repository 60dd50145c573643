package io.github.shortlived.testing.compatibility;

import static java.util.stream.Collectors.joining;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The page that lists what each client did against the emulator: a text, then one table. */
record CompatibilityPage(String head, List<Row> rows) {
  private static final Path FILE = Path.of("src/site/markdown/compatibility.md");
  private static final String COLUMNS =
      "| client | version | operation | result |\n|---|---|---|---|\n";
  private static final Splitter CELLS = Splitter.on(" | ");

  /** What a client of one version did. */
  record Row(String client, String version, String operation, String result) {
    private static Row parse(String line) {
      List<String> cells = CELLS.splitToList(line.substring(2, line.length() - 2));
      return new Row(cells.get(0), cells.get(1), cells.get(2), cells.get(3));
    }

    private String line() {
      return "| %s | %s | %s | %s |\n".formatted(client, version, operation, result);
    }
  }

  static CompatibilityPage read() {
    try {
      return parse(Files.readString(FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CompatibilityPage parse(String text) {
    int table = text.indexOf(COLUMNS);
    return new CompatibilityPage(
        text.substring(0, table),
        text.substring(table + COLUMNS.length()).lines().map(Row::parse).toList());
  }

  List<Row> rowsOf(RealClient client) {
    return rows.stream().filter(row -> row.client().equals(client.title())).toList();
  }

  /** Returns the page with other rows of one client; those of the others stay. */
  CompatibilityPage with(RealClient client, List<Row> replacement) {
    Stream<Row> others = rows.stream().filter(row -> !row.client().equals(client.title()));
    return new CompatibilityPage(
        head,
        Stream.concat(others, replacement.stream())
            .sorted(Comparator.comparing((Row row) -> RealClient.of(row.client()).orElseThrow()))
            .toList());
  }

  String text() {
    return head + COLUMNS + rows.stream().map(Row::line).collect(joining());
  }

  void write() {
    try {
      Files.writeString(FILE, text());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
