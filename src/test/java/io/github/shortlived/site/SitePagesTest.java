package io.github.shortlived.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SitePagesTest {
  private static final String SCM = "https://github.com/o/r/blob/main/";

  @TempDir Path root;

  @BeforeEach
  void createRepository() throws IOException {
    write("README.md", "# Start\n");
    write("SECURITY.md", "# Report\n");
    write(
        "src/site/markdown/grants.md",
        "# Grants\n## Who may `grant`, and why?\n## Twice\n## Twice\n");
    write(
        "src/site/markdown/help.md",
        "### <a id=\"topic\"></a>A topic of [help](../../../README.md)\n");
    write("src/site/resources/images/plot.svg", "<svg/>");
    write("samples/A.java", "class A {}\n");
  }

  @Test
  void links_ofThisRepository_haveTargets() throws IOException {
    assertThat(SitePages.write(Path.of(""), SCM, output())).isEmpty();
  }

  @Test
  void menu_namesEachPage() throws IOException {
    SitePages.write(Path.of(""), SCM, output());
    String menu = Files.readString(Path.of("src/site/site.xml"));
    try (Stream<Path> pages = Files.list(output())) {
      assertThat(pages.map(page -> page.getFileName().toString().replace(".md", ".html")))
          .isNotEmpty()
          .allSatisfy(page -> assertThat(menu).contains("href=\"" + page + "\""));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "src/site/markdown/grants.md, grants.html",
    "src/site/markdown/grants.md#who-may-grant-and-why, grants.html#who-may-grant-and-why",
    "src/site/markdown/grants.md#twice-1, grants.html#twice-1",
    "src/site/markdown/help.md#topic, help.html#topic",
    "src/site/markdown/help.md#a-topic-of-help, help.html#a-topic-of-help",
    "src/site/resources/images/plot.svg, images/plot.svg",
    "#start, index.html#start",
    "SECURITY.md, security-policy.html",
    "samples/A.java, https://github.com/o/r/blob/main/samples/A.java",
    "samples, https://github.com/o/r/blob/main/samples",
    "https://example.com/a.md#b, https://example.com/a.md#b"
  })
  void write_link_leadsToItsTargetOnTheSite(String link, String onSite) throws IOException {
    write("README.md", "# Start\nSee [this](" + link + ").\n");
    assertThat(SitePages.write(root, SCM, output())).isEmpty();
    assertThat(output().resolve("index.md")).content().contains("See [this](" + onSite + ").");
  }

  @Test
  void write_linkFromAPage_isRelativeToThePage() throws IOException {
    write("src/site/markdown/help.md", "[a](grants.md#grants) [b](../../../README.md#start)\n");
    assertThat(SitePages.write(root, SCM, output())).isEmpty();
    assertThat(output().resolve("help.md"))
        .hasContent("[a](grants.html#grants) [b](index.html#start)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "grants.md",
        "src/site/markdown/none.md",
        "src/site/markdown/grants.md#none",
        "src/site/markdown/grants.md#twice-2",
        "src/site/markdown/grants.md#Grants",
        "#none",
        "samples/B.java",
        "../outside.md"
      })
  void write_linkWithoutTarget_isReported(String link) throws IOException {
    write("README.md", "# Start\nSee [this](" + link + ").\n");
    assertThat(SitePages.write(root, SCM, output()))
        .containsExactly("README.md: the link " + link + " has no target");
  }

  @Test
  void write_heading_hasTheAnchorOfGitHub() throws IOException {
    SitePages.write(root, SCM, output());
    assertThat(Files.readAllLines(output().resolve("grants.md")))
        .element(1)
        .asString()
        .startsWith("## <a id=\"who-may-grant-and-why\" href=\"#who-may-grant-and-why\"")
        .endsWith("></a>Who may `grant`, and why?");
  }

  @Test
  void write_headingThatStartsWithADigit_hasTheAnchorOfTheSitePluginToo() throws IOException {
    write("README.md", "# 2 ways\n");
    SitePages.write(root, SCM, output());
    assertThat(output().resolve("index.md"))
        .content()
        .contains("<a id=\"2-ways\"", "<a id=\"a2-ways\"></a>2 ways");
  }

  @Test
  void write_code_isUnchanged() throws IOException {
    List<String> code = List.of("`[a](none.md)`", "```sh", "# no heading", "[a](none.md)", "```");
    write("README.md", String.join("\n", code) + "\n");
    assertThat(SitePages.write(root, SCM, output())).isEmpty();
    assertThat(output().resolve("index.md")).hasContent(String.join("\n", code));
  }

  private Path output() {
    return root.resolve("target/pages");
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
