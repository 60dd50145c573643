package io.github.shortlived.internal.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.BaseEncoding;
import io.github.shortlived.model.CredentialException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

public class AdcLocationsTest {
  private static final String FILE = "application_default_credentials.json";

  private final Path folder;

  AdcLocationsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void describe_nothingSet_listsTheThreeLocations() {
    assertThat(locations(Map.of(), "Linux").describe())
        .isEqualTo(
            """

              environment variable GOOGLE_APPLICATION_CREDENTIALS: not set
              gcloud's file: '%s' does not exist
              metadata server: no response from metadata.google.internal
            """
                .formatted(folder.resolve(".config").resolve("gcloud").resolve(FILE)));
  }

  @Test
  void describe_everythingSet_listsTheStates() throws Exception {
    Files.createDirectory(folder.resolve(FILE));
    Map<String, String> environment =
        Map.of(
            "GOOGLE_APPLICATION_CREDENTIALS", "",
            "CLOUDSDK_CONFIG", folder.toString(),
            "GCE_METADATA_HOST", "127.0.0.1:8080");

    assertThat(locations(environment, "Windows 11").describe())
        .isEqualTo(
            """

              environment variable GOOGLE_APPLICATION_CREDENTIALS: empty
              gcloud's file: '%s' is not a file
              metadata server: no response from 127.0.0.1:8080
            """
                .formatted(folder.resolve(FILE)));
  }

  @ParameterizedTest
  @MethodSource("contents")
  void describe_contentInsteadOfAPath_isNotRepeated(String content) {
    AdcLocations locations = locations(Map.of("GOOGLE_APPLICATION_CREDENTIALS", content), "Linux");
    String description =
        "(%d characters that look like the content of a file, not its path)"
            .formatted(content.length());
    assertThat(locations.describe())
        .contains("GOOGLE_APPLICATION_CREDENTIALS: " + description + "\n");
    assertThat(locations.broken())
        .hasMessageContaining(
            "credential file " + description + " is named by its content instead of its path. ");
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
  void describe_keyVariableSet_showsIt() {
    assertThat(locations(Map.of("GOOGLE_APPLICATION_CREDENTIALS", "/a.json"), "Linux").describe())
        .contains("GOOGLE_APPLICATION_CREDENTIALS: '/a.json'");
  }

  @Test
  void describe_metadataServerNotCalled_givesTheReason() {
    assertThat(locations(Map.of("NO_GCE_CHECK", "true"), "Linux").describe())
        .contains("metadata server: not called, because NO_GCE_CHECK is set");
    assertThat(locations(Map.of("NO_GCE_CHECK", "false"), "Linux").describe())
        .contains("no response from");
  }

  @Test
  void describe_windows_usesTheRoamingProfile() {
    assertThat(locations(Map.of("APPDATA", folder.toString()), "Windows 11").describe())
        .contains("'" + folder.resolve("gcloud").resolve(FILE) + "' does not exist");
    assertThat(locations(Map.of(), "Windows 11").describe())
        .contains("gcloud's file: unknown, because APPDATA is not set");
  }

  @Test
  void file_gcloud_existingFile() throws Exception {
    AdcLocations locations = locations(Map.of("CLOUDSDK_CONFIG", folder.toString()), "Linux");
    assertThat(locations.file()).isEmpty();

    Path file = Files.writeString(folder.resolve(FILE), "{}");
    assertThat(locations.file()).contains(file.toFile());
    assertThat(locations.describe()).contains("'" + file + "' exists");
  }

  @Test
  void file_keyVariable_takesPrecedence() throws Exception {
    Files.writeString(folder.resolve(FILE), "{}");
    Map<String, String> environment =
        Map.of("GOOGLE_APPLICATION_CREDENTIALS", "a.json", "CLOUDSDK_CONFIG", folder.toString());

    assertThat(locations(environment, "Linux").file()).contains(Path.of("a.json").toFile());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void broken_unreadableFile_isTheAccess() {
    String unreadable = "/proc/self/mem"; // For every user, also for root.

    assertThat(locations(Map.of("GOOGLE_APPLICATION_CREDENTIALS", unreadable), "Linux").broken())
        .hasMessageContaining(
            "credential file '/proc/self/mem' cannot be read by this process. Check that its user"
                + " may read the file");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void broken_device_isNotRead() {
    String endless = "/dev/zero";

    assertThat(locations(Map.of("GOOGLE_APPLICATION_CREDENTIALS", endless), "Linux").broken())
        .hasMessageContaining(
            "credential file '/dev/zero' is a pipe or a device, which google-auth does not read.");
  }

  @Test
  void broken_noFile_listsTheLocations() {
    assertThat(locations(Map.of(), "Linux").broken())
        .hasMessageStartingWith("No Application Default Credentials were found.");
  }

  /** Returns the exception for a process with these system properties and no environment. */
  public static CredentialException missing(Map<String, String> properties) {
    return new AdcLocations(variable -> null, properties::get).missing(null);
  }

  private AdcLocations locations(Map<String, String> environment, String os) {
    Map<String, String> properties = Map.of("os.name", os, "user.home", folder.toString());
    return new AdcLocations(environment::get, properties::get);
  }
}
