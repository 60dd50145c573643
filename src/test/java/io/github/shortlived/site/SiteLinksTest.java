package io.github.shortlived.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SiteLinksTest {
  @TempDir Path site;

  @BeforeEach
  void createSite() throws IOException {
    write("grants.html", "<h2 id=\"plan\">Plan</h2> <a name=\"apply\"></a>");
    write("images/plot.svg", "<svg/>");
    write(
        "apidocs/A.html", "<section id=\"&lt;init&gt;(byte[])\"> <a href=\"../grants.html#plan\">");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<a href=\"grants.html\">",
        "<a href=\"./grants.html#plan\">",
        "<a href=\"grants.html#apply\">",
        "<a id=\"here\" href=\"#here\">",
        "<img src=\"images/plot.svg\">",
        "<a href=\"apidocs/A.html#%3Cinit%3E(byte%5B%5D)\">",
        "<a href=\"https://example.com/none.html#none\">",
        "<a href=\"javascript:show()\">"
      })
  void broken_linkWithTarget_isNotReported(String link) throws IOException {
    write("index.html", link);
    assertThat(SiteLinks.broken(site)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "none.html",
        "grants.html#none",
        "#plan",
        "images",
        "images/none.svg",
        "images/plot.svg#none",
        "apidocs/A.html#%3Cinit%3E()",
        "../outside.html"
      })
  void broken_linkWithoutTarget_isReported(String link) throws IOException {
    write("index.html", "<a href=\"" + link + "\"> <img alt=\"\" src=\"" + link + "\">");
    assertThat(SiteLinks.broken(site))
        .containsExactly("index.html: the link " + link + " has no target");
  }

  @Test
  void broken_siteWithoutIndex_isReported() throws IOException {
    assertThat(SiteLinks.broken(site)).containsExactly(site + " has no index.html");
  }

  private void write(String file, String html) throws IOException {
    Path path = site.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, html);
  }
}
