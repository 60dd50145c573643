package io.github.shortlived;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Libraries that an application adds itself are optional, and have the same version everywhere. */
class OptionalLibrariesTest {
  private static List<String> find(String pattern, String file) throws IOException {
    return Pattern.compile(pattern)
        .matcher(Files.readString(Path.of(file)))
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "io.micrometer, micrometer-core, micrometer.version, metrics",
    "com.nimbusds, nimbus-jose-jwt, nimbus.version, verification",
    "org.slf4j, slf4j-api, slf4j.version, metrics"
  })
  void pageAndSamples_version_matchesTheBuild(
      String groupId, String artifactId, String property, String page) throws IOException {
    List<String> version = find("<%s>([^<]+)<".formatted(property), "pom.xml");
    assertThat(version).hasSize(1);
    assertThat(
            find(
                "`%s:%s:([^`]+)`".formatted(groupId, artifactId),
                "src/site/markdown/%s.md".formatted(page)))
        .isEqualTo(version);
    assertThat(
            find(
                "<artifactId>%s</artifactId>\\s*<version>([^<]+)<".formatted(artifactId),
                "samples/pom.xml"))
        .isEqualTo(version);
  }

  @ParameterizedTest
  @ValueSource(strings = {"micrometer-core", "nimbus-jose-jwt", "slf4j-api"})
  void pom_library_reachesNoConsumer(String artifactId) throws IOException {
    assertThat(
            find(
                "<artifactId>%s</artifactId>((?:(?!</dependency>)[\\s\\S])*)".formatted(artifactId),
                "pom.xml"))
        .singleElement()
        .asString()
        .containsOnlyOnce("<optional>true</optional>");
  }
}
