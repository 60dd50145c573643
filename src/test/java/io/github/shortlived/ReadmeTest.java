package io.github.shortlived;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that the README and its pages quote the samples, and that it names the coordinates. */
class ReadmeTest {
  private static final Pattern QUOTE =
      Pattern.compile("<!-- (\\w+): (\\w+) -->\n```java\n(.*?)```", Pattern.DOTALL);

  private static final List<Path> PAGES =
      List.of(
          Path.of("README.md"),
          Path.of("src/site/markdown/metrics.md"),
          Path.of("src/site/markdown/verification.md"));

  static List<MatchResult> quotes() throws IOException {
    List<MatchResult> quotes = new ArrayList<>();
    for (Path page : PAGES) {
      quotes.addAll(QUOTE.matcher(Files.readString(page)).results().toList());
    }
    return quotes;
  }

  @ParameterizedTest
  @MethodSource("quotes")
  void readme_quotedCode_equalsTheSample(MatchResult quote) throws IOException {
    assertThat(quote.group(3)).isEqualTo(region(quote.group(1), quote.group(2)));
  }

  @Test
  void readme_everySampleRegion_isQuoted() throws IOException {
    List<String> regions = new ArrayList<>();
    for (Path sample : samples()) {
      Pattern.compile("// \\[START (\\w+)]")
          .matcher(Files.readString(sample))
          .results()
          .forEach(match -> regions.add(match.group(1)));
    }
    assertThat(quotes())
        .extracting(quote -> quote.group(2))
        .containsExactlyInAnyOrderElementsOf(regions);
  }

  @Test
  void readme_coordinates_areTheBuilds() throws IOException {
    String version = version(Files.readString(Path.of("pom.xml")), "version");
    assertThat(Files.readString(Path.of("README.md")))
        .contains("<version>" + version + "</version>");
    assertThat(
            version(
                Files.readString(Path.of("samples/pom.xml")), "short-lived-credentials.version"))
        .isEqualTo(version);
  }

  private static String version(String pom, String tag) {
    return Pattern.compile("<" + tag + ">([^<]+)</")
        .matcher(pom)
        .results()
        .findFirst()
        .orElseThrow()
        .group(1);
  }

  private static String region(String sample, String name) throws IOException {
    Path file =
        samples().stream()
            .filter(path -> path.getFileName().toString().equals(sample + ".java"))
            .findFirst()
            .orElseThrow();
    String source = Files.readString(file);
    int start = source.indexOf('\n', source.indexOf("// [START " + name + "]")) + 1;
    int end = source.lastIndexOf('\n', source.indexOf("// [END " + name + "]")) + 1;
    return source.substring(start, end).stripTrailing().stripIndent() + "\n";
  }

  private static List<Path> samples() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("samples/src"))) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }
}
