package io.github.shortlived.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class UserAgentTest {
  @Test
  void text_isNameAndVersion() {
    assertThat(UserAgent.TEXT).matches("short-lived-credentials/[A-Za-z0-9._-]+");
    assertThat(GoogleApiClient.userAgent().getHeaders())
        .containsOnlyKeys("user-agent")
        .containsValue(UserAgent.TEXT);
  }

  @Test
  void text_ofABuild_hasTheBuildsVersion() throws Exception {
    assumeThat(UserAgent.class.getResource("version.properties")).isNotNull();
    String pom = Files.readString(Path.of("pom.xml"));

    assertThat(pom).contains("<version>" + UserAgent.TEXT.replaceFirst(".*/", "") + "</version>");
    assertThat(UserAgent.TEXT).doesNotEndWith("unknown");
  }
}
