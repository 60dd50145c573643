package io.github.shortlived;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.samples.Quickstart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
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

/** Checks that README and pages quote the samples, and that the README names the coordinates. */
class ReadmeTest {
  private static final Pattern QUOTE =
      Pattern.compile("<!-- (\\w+): (\\w+) -->\n```java\n(.*?)```", Pattern.DOTALL);

  private static final Pattern USAGE = Pattern.compile("\"Usage: (\\w+Sample) ([^\"]+)\"");

  /** A row of the page of tasks: the sample, the address of its file, its arguments. */
  private static final Pattern LISTED =
      Pattern.compile("\\| \\[`(\\w+Sample)`]\\([^)]+/\\1\\.java\\) `([^`]+)` \\|");

  private static final Pattern OWN_VERSION =
      Pattern.compile(
          "(?:<artifactId>short-lived-credentials</artifactId>\\s*<version>|short-lived-credentials:"
              + "|short-lived-credentials\\.version>|<measured\\.version>)(\\d[\\w.-]*?)(?=[<:\"`]|$)",
          Pattern.MULTILINE);

  private static final int MAXIMUM_WORDS = 900;

  static List<MatchResult> quotes() throws IOException {
    List<String> samples = sources("samples/src").stream().map(ReadmeTest::className).toList();
    List<MatchResult> quotes = new ArrayList<>();
    for (Path page : pages()) {
      QUOTE
          .matcher(Files.readString(page))
          .results()
          .filter(quote -> samples.contains(quote.group(1)))
          .forEach(quotes::add);
    }
    return quotes;
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> pages = Files.list(Path.of("src/site/markdown"))) {
      return Stream.concat(Stream.of(Path.of("README.md")), pages.sorted()).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("quotes")
  void page_quotedCode_equalsTheSample(MatchResult quote) throws IOException {
    assertThat(quote.group(3)).isEqualTo(region(quote.group(1), quote.group(2)));
  }

  @Test
  void pages_quotes_nameASampleOrATest() throws IOException {
    List<String> classes =
        Stream.concat(sources("samples/src").stream(), sources("src/test/java").stream())
            .map(ReadmeTest::className)
            .toList();
    for (Path page : pages()) {
      assertThat(Pattern.compile("<!-- (\\w+): ").matcher(Files.readString(page)).results())
          .extracting(quote -> quote.group(1))
          .isSubsetOf(classes);
    }
  }

  @Test
  void readme_quickstart_isItsOutput() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String quote = find("<!-- ReadmeTest: quickstart -->\n```text\n(.*?)```", readme);
    assertThat(withoutVariables(quickstart())).contains(withoutVariables(quote));
  }

  private static String quickstart() {
    PrintStream console = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, UTF_8));
    try {
      Quickstart.main(new String[0]);
    } finally {
      System.setOut(console);
    }
    return out.toString(UTF_8);
  }

  private static String withoutVariables(String output) {
    return output.replaceAll("sha256:\\w+", "sha256:…").replaceAll("\\d{4}-\\S+Z", "TIME");
  }

  @Test
  void pages_everySampleRegion_isQuoted() throws IOException {
    List<String> regions = new ArrayList<>();
    for (Path sample : sources("samples/src")) {
      Pattern.compile("// \\[START (\\w+)]")
          .matcher(Files.readString(sample))
          .results()
          .forEach(match -> regions.add(match.group(1)));
    }
    assertThat(quotes()).extracting(quote -> quote.group(2)).containsAll(regions);
  }

  @Test
  void tasks_everySample_isListedWithItsArguments() throws IOException {
    List<String> usages = new ArrayList<>();
    for (Path sample : sources("samples/src")) {
      USAGE
          .matcher(Files.readString(sample))
          .results()
          .forEach(usage -> usages.add(usage.group(1) + " " + usage.group(2)));
    }
    String tasks = Files.readString(Path.of("src/site/markdown/tasks.md"));
    assertThat(LISTED.matcher(tasks).results())
        .extracting(row -> row.group(1) + " " + row.group(2))
        .containsExactlyInAnyOrderElementsOf(usages);
  }

  @Test
  void readme_words_areFew() throws IOException {
    assertThat(Files.readString(Path.of("README.md")).split("\\s+"))
        .hasSizeLessThanOrEqualTo(MAXIMUM_WORDS);
  }

  @Test
  void readme_coordinates_areTheBuilds() throws IOException {
    String version = version(Files.readString(Path.of("pom.xml")), "version");
    assertThat(Files.readString(Path.of("README.md")))
        .contains("<version>" + version + "</version>");
    for (Path file : filesWithTheVersion()) {
      assertThat(OWN_VERSION.matcher(Files.readString(file)).results())
          .as(file.toString())
          .isNotEmpty()
          .extracting(found -> found.group(1))
          .containsOnly(version);
    }
  }

  /** The pages and the poms that name the version of this library. */
  private static List<Path> filesWithTheVersion() throws IOException {
    List<Path> files =
        new ArrayList<>(List.of(Path.of("README.md"), Path.of("src/site/markdown/emulator.md")));
    for (Path folder : List.of(Path.of("samples"), Path.of("src/consumers"))) {
      try (Stream<Path> poms = Files.walk(folder)) {
        poms.filter(file -> file.endsWith("pom.xml")).sorted().forEach(files::add);
      }
    }
    return files;
  }

  private static String version(String pom, String tag) {
    return find("<" + tag + ">([^<]+)</", pom);
  }

  private static String find(String pattern, String text) {
    return Pattern.compile(pattern, Pattern.DOTALL)
        .matcher(text)
        .results()
        .findFirst()
        .orElseThrow()
        .group(1);
  }

  private static String className(Path source) {
    return source.getFileName().toString().replace(".java", "");
  }

  private static String region(String sample, String name) throws IOException {
    Path file =
        sources("samples/src").stream()
            .filter(path -> className(path).equals(sample))
            .findFirst()
            .orElseThrow();
    String source = Files.readString(file);
    int start = source.indexOf('\n', source.indexOf("// [START " + name + "]")) + 1;
    int end = source.lastIndexOf('\n', source.indexOf("// [END " + name + "]")) + 1;
    return source.substring(start, end).stripTrailing().stripIndent() + "\n";
  }

  private static List<Path> sources(String folder) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(folder))) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }
}
