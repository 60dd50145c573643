package io.github.shortlived.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The JOSE library is optional, and has the same version everywhere. */
class OptionalLibraryTest {
  private static List<String> find(String pattern, String file) throws IOException {
    return Pattern.compile(pattern)
        .matcher(Files.readString(Path.of(file)))
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  @Test
  void documentation_version_matchesTheBuild() throws IOException {
    List<String> version = find("<nimbus.version>([^<]+)<", "pom.xml");
    assertThat(version).hasSize(1);
    String coordinates = "`com.nimbusds:nimbus-jose-jwt:([^`]+)`";
    assertThat(find(coordinates, "src/site/markdown/verification.md")).isEqualTo(version);
    assertThat(
            find(
                "<artifactId>nimbus-jose-jwt</artifactId>\\s*<version>([^<]+)<", "samples/pom.xml"))
        .isEqualTo(version);
  }

  @Test
  void pom_library_reachesNoConsumer() throws IOException {
    assertThat(
            find(
                "<artifactId>nimbus-jose-jwt</artifactId>((?:(?!</dependency>)[\\s\\S])*)",
                "pom.xml"))
        .singleElement()
        .asString()
        .contains("<optional>true</optional>");
  }
}
