package io.github.shortlived.internal.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.BaseEncoding;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AdcLocationsTest {
  private static final String FILE = "application_default_credentials.json";

  private final Path folder;

  AdcLocationsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void told_nothingSet_namesTheThreePlaces() {
    assertThat(places(Map.of(), "Linux").describe())
        .isEqualTo(
            """

              environment variable GOOGLE_APPLICATION_CREDENTIALS: not set
              gcloud's file: '%s' does not exist
              metadata server: no answer from metadata.google.internal
            """
                .formatted(folder.resolve(".config").resolve("gcloud").resolve(FILE)));
  }

  @Test
  void told_everythingSet_tellsWhatIsThere() throws Exception {
    Files.createDirectory(folder.resolve(FILE));
    Map<String, String> environment =
        Map.of(
            "GOOGLE_APPLICATION_CREDENTIALS", "",
            "CLOUDSDK_CONFIG", folder.toString(),
            "GCE_METADATA_HOST", "127.0.0.1:8080");

    assertThat(places(environment, "Windows 11").describe())
        .isEqualTo(
            """

              environment variable GOOGLE_APPLICATION_CREDENTIALS: empty
              gcloud's file: '%s' is not a file
              metadata server: no answer from 127.0.0.1:8080
            """
                .formatted(folder.resolve(FILE)));
  }

  @ParameterizedTest
  @MethodSource("contents")
  void told_contentInPlaceOfAPath_isNotRepeated(String content) {
    AdcLocations places = places(Map.of("GOOGLE_APPLICATION_CREDENTIALS", content), "Linux");
    String what =
        "(%d characters that look like the content of a file, not its path)"
            .formatted(content.length());
    assertThat(places.describe()).contains("GOOGLE_APPLICATION_CREDENTIALS: " + what + "\n");
    assertThat(places.problem()).isEqualTo("credential file " + what + " does not exist");
  }

  static Stream<String> contents() {
    String key = "{\"type\": \"service_account\", \"private_key\": \"hidden\"}";
    return Stream.of(
        key,
        " '" + key + "'",
        "{'refresh_token': 'hidden'}",
        "-----BEGIN PRIVATE KEY-----hidden-----END PRIVATE KEY-----",
        "line\nline",
        BaseEncoding.base64().encode(new byte[800]));
  }

  @Test
  void told_keyVariableSet_showsIt() {
    assertThat(places(Map.of("GOOGLE_APPLICATION_CREDENTIALS", "/a.json"), "Linux").describe())
        .contains("GOOGLE_APPLICATION_CREDENTIALS: '/a.json'");
  }

  @Test
  void told_metadataServerNotAsked_saysWhy() {
    assertThat(places(Map.of("NO_GCE_CHECK", "true"), "Linux").describe())
        .contains("metadata server: not asked, for NO_GCE_CHECK is set");
    assertThat(places(Map.of("NO_GCE_CHECK", "false"), "Linux").describe())
        .contains("no answer from");
  }

  @Test
  void told_onWindows_isInTheRoamingProfile() {
    assertThat(places(Map.of("APPDATA", folder.toString()), "Windows 11").describe())
        .contains("'" + folder.resolve("gcloud").resolve(FILE) + "' does not exist");
    assertThat(places(Map.of(), "Windows 11").describe())
        .contains("gcloud's file: nowhere, for APPDATA is not set");
  }

  @Test
  void file_ofGcloud_isTheOneThatExists() throws Exception {
    AdcLocations places = places(Map.of("CLOUDSDK_CONFIG", folder.toString()), "Linux");
    assertThat(places.file()).isEmpty();

    Path file = Files.writeString(folder.resolve(FILE), "{}");
    assertThat(places.file()).contains(file.toFile());
    assertThat(places.describe()).contains("'" + file + "' exists");
  }

  @Test
  void file_ofTheVariable_goesFirst() throws Exception {
    Files.writeString(folder.resolve(FILE), "{}");
    Map<String, String> environment =
        Map.of("GOOGLE_APPLICATION_CREDENTIALS", "a.json", "CLOUDSDK_CONFIG", folder.toString());

    assertThat(places(environment, "Linux").file()).contains(Path.of("a.json").toFile());
  }

  @Test
  void problem_fileThatMayNotBeRead_isTheAccess() throws Exception {
    Path file = Files.writeString(folder.resolve(FILE), "{}");
    File unreadable =
        new File(file.toString()) {
          @Override
          public boolean canRead() {
            return false; // Whatever the file system lets this process do.
          }
        };

    assertThat(AdcLocations.problem(unreadable))
        .isEqualTo("credential file '%s' cannot be read by this process", file);
    assertThat(AdcLocations.problem(file.toFile()))
        .isEqualTo(
            "credential file '%s' is malformed, or of a type that google-auth does not know", file);
  }

  @Test
  void problem_noFile_blamesWhatWasRead() {
    assertThat(places(Map.of(), "Linux").problem()).isEqualTo("the credential file is malformed");
  }

  private AdcLocations places(Map<String, String> environment, String os) {
    Map<String, String> properties = Map.of("os.name", os, "user.home", folder.toString());
    return new AdcLocations(environment::get, properties::get);
  }
}
