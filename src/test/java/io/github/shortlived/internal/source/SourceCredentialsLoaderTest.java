package io.github.shortlived.internal.source;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.common.base.Throwables;
import com.google.gson.JsonObject;
import io.github.shortlived.FakeHttp;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.TestKeys;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceCredentialsLoaderTest {
  private final Path folder;

  SourceCredentialsLoaderTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void keyFile_serviceAccountKey_callsAsItsAccount() throws Exception {
    Path file = Files.writeString(folder.resolve("key.json"), keyJson(key -> {}));

    try (ShortLivedCredentials credentials = ShortLivedCredentials.fromKeyFile(file)) {
      assertThat(credentials.callerMember()).contains(Member.of(TestKeys.CALLER));
    }
  }

  @Test
  void keyJson_serviceAccountKey_callsAsItsAccount() {
    try (ShortLivedCredentials credentials =
        ShortLivedCredentials.fromKeyJson(keyJson(key -> {}))) {
      assertThat(credentials.callerMember()).contains(Member.of(TestKeys.CALLER));
    }
  }

  @Test
  void keyFile_missing_refused() {
    Path file = folder.resolve("missing.json");

    assertThatThrownBy(() -> ShortLivedCredentials.fromKeyFile(file))
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessage(
            "Key file '"
                + file
                + "' cannot be used: it does not exist. Correct the path, or write the file there.")
        .hasCauseInstanceOf(NoSuchFileException.class);
  }

  @Test
  void keyFile_keyInsteadOfItsPath_isNotRepeated() {
    Path content = Path.of(keyJson(key -> {}));

    assertThatThrownBy(() -> ShortLivedCredentials.fromKeyFile(content))
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessageStartingWith("Key file (")
        .hasMessageContaining(
            " characters that look like the content of a file, not its path) cannot be used:")
        .hasNoCause();
  }

  @Test
  void keyFile_folder_refused() {
    assertThatThrownBy(() -> ShortLivedCredentials.fromKeyFile(folder))
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessage(
            "Key file '"
                + folder
                + "' cannot be used: it is a folder. Pass the path of the file in it.");
  }

  @Test
  void keyFile_notUtf8_refused() throws Exception {
    Path file = Files.write(folder.resolve("key.p12"), "hidden é".getBytes(ISO_8859_1));

    assertThatThrownBy(() -> ShortLivedCredentials.fromKeyFile(file))
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessage(
            "Key file '"
                + file
                + "' cannot be used: it is not UTF-8 text. Decompress or decode it, or save it as"
                + " UTF-8.")
        .satisfies(SourceCredentialsLoaderTest::chainHidesTheContent);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hidden",
        "\"hidden\"",
        "[\"hidden\"]",
        "null",
        "{\"type\":\"hidden\"}",
        "{\"type\":\"authorized_user\",\"client_id\":\"i\",\"client_secret\":\"hidden\","
            + "\"refresh_token\":\"hidden\"}",
        "{\"type\":\"external_account\",\"audience\":\"hidden\"}",
        "{\"type\":\"service_account\",\"hidden\":\"hidden\"}",
        "{\"type\":\"service_account\",\"private_key\":\"hidden\"",
        "{\"type\":[\"hidden\"]}"
      })
  void keyFile_noServiceAccountKey_refusedWithoutItsContent(String content) throws Exception {
    Path file = Files.writeString(folder.resolve("key.json"), content);

    assertThatThrownBy(() -> ShortLivedCredentials.fromKeyFile(file))
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessageStartingWith("Key file '" + file + "' cannot be used: it ")
        .hasMessageNotContaining("keys create")
        .satisfies(SourceCredentialsLoaderTest::chainHidesTheContent);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "client_email",
        "client_id",
        "private_key",
        "private_key_id",
        "type",
      })
  void keyJson_fieldMissing_refused(String field) {
    assertUnusable(keyJson(key -> key.remove(field)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hidden",
        "-----BEGIN PRIVATE KEY-----\nhidden\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\naGlkZGVu\n-----END PRIVATE KEY-----\n"
      })
  void keyJson_brokenPrivateKey_refused(String privateKey) {
    assertUnusable(keyJson(key -> key.addProperty("private_key", privateKey)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"not a uri hidden", "://"})
  void keyJson_malformedTokenUri_refused(String tokenUri) {
    assertUnusable(keyJson(key -> key.addProperty("token_uri", tokenUri)));
  }

  @Test
  void keyJson_textAfterIt_refused() {
    assertUnusable(keyJson(key -> {}) + "hidden");
  }

  @Test
  void source_setTwice_refused() {
    ShortLivedCredentials.Builder builder =
        ShortLivedCredentials.builder().keyFile(folder.resolve("key.json"));

    assertThatThrownBy(() -> builder.keyJson("{}"))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid source: it is set twice. Set only one of source, keyFile, keyJson,"
                + " configuration and configurationFile, once.");
  }

  @Test
  void source_sameKindTwice_refused() {
    GoogleCredentials source = TestKeys.source(new FakeHttp());
    ShortLivedCredentials.Builder builder = ShortLivedCredentials.builder().source(source);

    assertThatThrownBy(() -> builder.source(source))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageStartingWith("Invalid source: it is set twice.");
  }

  @Test
  @DisabledIfEnvironmentVariable(named = "GOOGLE_APPLICATION_CREDENTIALS", matches = ".+")
  @DisabledIfEnvironmentVariable(named = "CLOUDSDK_CONFIG", matches = ".+")
  @DisabledIfEnvironmentVariable(named = "GCE_METADATA_HOST", matches = ".+")
  @DisabledIfEnvironmentVariable(named = "NO_GCE_CHECK", matches = ".+")
  @DisabledIf("onComputeEngine")
  void create_noApplicationDefaultCredentials_listsLocationsAndFixes() throws Exception {
    assertThatThrownBy(this::buildFromHome)
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessage(
            """
            No Application Default Credentials were found. Checked locations:
              environment variable GOOGLE_APPLICATION_CREDENTIALS: not set
              gcloud's file: '%s' does not exist
              metadata server: no response from metadata.google.internal
            Run 'gcloud auth application-default login', set GOOGLE_APPLICATION_CREDENTIALS to a\
             credential file, or run on Google Cloud as a service account."""
                .formatted(folder.resolve(".config/gcloud/application_default_credentials.json")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          hidden | is not a JSON object. Copy it again from the place where it is stored
          {"type":"hidden"} | has no type of a credential file. Check that it is the right file
          {"type":"authorized_user"} \
          | is the login of a user with a missing or malformed field. \
          Run 'gcloud auth application-default login' again
          {"type":"impersonated_service_account",\
          "service_account_impersonation_url":"/hidden:generateAccessToken",\
          "source_credentials":{"type":"external_account_authorized_user"}} \
          | impersonates an account with a federated identity, which google-auth cannot load. \
          Save its source_credentials as a file of their own, use that file, and name the account \
          as the target of each request
          """)
  @DisabledIfEnvironmentVariable(named = "GOOGLE_APPLICATION_CREDENTIALS", matches = ".+")
  @DisabledIfEnvironmentVariable(named = "CLOUDSDK_CONFIG", matches = ".+")
  void create_brokenApplicationDefaultCredentials_hideTheirContent(String content, String problem)
      throws Exception {
    Path config = Files.createDirectories(folder.resolve(".config").resolve("gcloud"));
    Files.writeString(config.resolve("application_default_credentials.json"), content);

    assertThatThrownBy(this::buildFromHome)
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessage(
            brokenDefault(
                config.resolve("application_default_credentials.json"),
                problem,
                "To replace the file, run 'gcloud auth application-default login'."))
        .satisfies(SourceCredentialsLoaderTest::chainHidesTheContent);
  }

  private static String brokenDefault(Path file, String problem, String origin) {
    return "The Application Default Credentials cannot be used: credential file '%s' %s. %s"
        .formatted(file, problem, origin);
  }

  private static CredentialException named(Path file) {
    return new AdcLocations(
            Map.of("GOOGLE_APPLICATION_CREDENTIALS", file.toString())::get, name -> null)
        .broken();
  }

  @Test
  void broken_missingFile_namesIt() {
    Path typo = folder.resolve("typo.json");

    assertThat(named(typo))
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessage(
            brokenDefault(
                typo,
                "does not exist. Correct the path, or write the file there",
                "GOOGLE_APPLICATION_CREDENTIALS names this file."))
        .hasNoCause();
  }

  @Test
  void broken_folder_namesIt() {
    assertThat(named(folder)).hasMessageContaining("credential file '" + folder + "' is a folder.");
  }

  @Test
  void broken_noCredential_doesNotQuoteIt() throws Exception {
    Path file = Files.writeString(folder.resolve("key.json"), "hidden");

    assertThat(named(file))
        .hasMessageContaining("credential file '" + file + "' is not a JSON object. ")
        .hasMessageNotContaining("hidden");
  }

  /** On Compute Engine, google-auth finds credentials on the metadata server. */
  static boolean onComputeEngine() throws IOException {
    Path product = Path.of("/sys/class/dmi/id/product_name");
    return Files.isReadable(product) && Files.readString(product).startsWith("Google");
  }

  /** The home folder alone determines the location of gcloud's file. */
  private void buildFromHome() throws IOException {
    String home = System.setProperty("user.home", folder.toString());
    try {
      FakeHttp http = new FakeHttp();
      for (int i = 0; i < 10; i++) {
        http.fault(new IOException("no metadata server"));
      }
      ShortLivedCredentials.builder().httpTransportFactory(http).build().close();
    } finally {
      System.setProperty("user.home", home);
    }
  }

  private static void assertUnusable(String keyJson) {
    assertThatThrownBy(() -> ShortLivedCredentials.fromKeyJson(keyJson))
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessageStartingWith("The given key cannot be used: it ")
        .satisfies(SourceCredentialsLoaderTest::chainHidesTheContent);
  }

  private static void chainHidesTheContent(Throwable failure) {
    assertThat(Throwables.getStackTraceAsString(failure))
        .doesNotContain("hidden")
        .doesNotContain("PRIVATE KEY");
  }

  private static String keyJson(Consumer<JsonObject> change) {
    JsonObject key = TestKeys.json();
    key.addProperty("project_id", "demo");
    key.addProperty("token_uri", "https://oauth2.googleapis.com/token");
    change.accept(key);
    return key.toString();
  }
}
