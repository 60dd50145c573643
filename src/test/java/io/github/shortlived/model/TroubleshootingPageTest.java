package io.github.shortlived.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.Resources;
import io.github.shortlived.internal.failure.HelpTopic;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that the troubleshooting page has a section for each failure, with its actual text. */
class TroubleshootingPageTest {
  private static final Path PAGE = Path.of("src/site/markdown/troubleshooting.md");
  private static final Pattern EXAMPLE =
      Pattern.compile("<!-- FailureExamples: (\\w+) -->\n```text\n(.*?)\n?```", Pattern.DOTALL);

  private static String page() throws IOException {
    return Files.readString(PAGE);
  }

  private static Stream<String> headings(String marks) throws IOException {
    return page()
        .lines()
        .filter(line -> line.startsWith(marks + " "))
        .map(line -> line.substring(marks.length() + 1));
  }

  /** Returns the anchor that GitHub derives from a heading. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", "").replace(' ', '-');
  }

  static List<MatchResult> examples() throws IOException {
    return EXAMPLE.matcher(page()).results().toList();
  }

  @Test
  void page_everySection_isTheTargetOfAMessage() throws IOException {
    assertThat(headings("###").map(TroubleshootingPageTest::anchor))
        .containsExactly(
            Arrays.stream(HelpTopic.values()).map(HelpTopic::anchor).toArray(String[]::new));
  }

  @Test
  void page_everyType_hasAChapterInItsOrder() throws IOException {
    Stream<String> types =
        Arrays.stream(CredentialException.class.getPermittedSubclasses()).map(Class::getSimpleName);
    assertThat(headings("##"))
        .containsExactlyElementsOf(Stream.concat(types, Stream.of("Other exceptions")).toList());
  }

  /** Site generators derive other anchors than GitHub from a heading, so each is explicit. */
  @Test
  void page_everyHeading_hasItsAnchorBeforeIt() throws IOException {
    List<MatchResult> headings =
        Pattern.compile("(?m)(?:^<a id=\"([a-z-]+)\"></a>\n\n)?^###? (.+)$")
            .matcher(page())
            .results()
            .toList();
    assertThat(headings)
        .hasSizeGreaterThan(HelpTopic.values().length)
        .allSatisfy(heading -> assertThat(heading.group(1)).isEqualTo(anchor(heading.group(2))))
        .extracting(heading -> heading.group(1))
        .doesNotHaveDuplicates();
  }

  @Test
  void help_isUnderTheUrlOfThePom() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    Matcher url = Pattern.compile("(?m)^  <url>(.+)</url>$").matcher(pom);
    assertThat(url.find()).isTrue();
    assertThat(HelpTopic.NOT_FOUND.url())
        .isEqualTo(url.group(1) + "troubleshooting.html#not-found");
  }

  @Test
  void page_inTheJar_isTheSame() throws IOException {
    URL packaged =
        CredentialException.class.getResource("/META-INF/io.github.shortlived/troubleshooting.md");
    assertThat(packaged).isNotNull();
    assertThat(Resources.toString(packaged, StandardCharsets.UTF_8)).isEqualTo(page());
  }

  @ParameterizedTest
  @EnumSource
  void page_everySection_showsAMessageItsCauseAndItsRemedy(HelpTopic topic) throws IOException {
    assertThat(section(topic))
        .contains("<!-- FailureExamples: " + topic.name().toLowerCase(Locale.ROOT) + " -->")
        .contains("**Cause.** ")
        .contains("**Remedy.** ");
  }

  private static String section(HelpTopic topic) throws IOException {
    return Arrays.stream(page().split("(?m)^###? "))
        .filter(text -> anchor(text.lines().findFirst().orElse("")).equals(topic.anchor()))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void page_example_isThePrintedText(MatchResult example) {
    try (FailureExamples examples = new FailureExamples()) {
      assertThat(printed(examples.of(example.group(1)))).isEqualTo(example.group(2));
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void page_example_isInItsSectionAndChapter(MatchResult example) throws IOException {
    String before = page().substring(0, example.start());
    try (FailureExamples examples = new FailureExamples()) {
      CredentialException failure = examples.of(example.group(1));
      assertThat(failure.help())
          .isEqualTo(
              "https://shortlived.github.io/short-lived-credentials/troubleshooting.html#"
                  + anchor(lastHeading(before, "###")));
      assertThat(failure.getClass().getSimpleName()).isEqualTo(lastHeading(before, "##"));
    }
  }

  private static String lastHeading(String text, String marks) {
    return text.lines()
        .filter(line -> line.startsWith(marks + " "))
        .reduce("", (earlier, later) -> later.substring(marks.length() + 1));
  }

  /** Replaces the duration of the attempts, which differs each time. */
  private static String printed(CredentialException failure) {
    return failure.getMessage().replaceAll(" in [0-9.]+ s\\.", " in 0.1 s.");
  }
}
