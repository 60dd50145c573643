package io.github.shortlived;

import static io.github.shortlived.AdapterWorld.CALLER;
import static io.github.shortlived.AdapterWorld.CHAIN;
import static io.github.shortlived.AdapterWorld.DELEGATE;
import static io.github.shortlived.AdapterWorld.TARGET;
import static io.github.shortlived.AdapterWorld.TOKEN_CREATOR;
import static io.github.shortlived.AdapterWorld.USER;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.auth.oauth2.UserCredentials;
import com.google.common.base.Throwables;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads files of the type {@code impersonated_service_account}. */
class ImpersonationFileTest {
  private static final String MALFORMED =
      "is a configuration for impersonation with a missing or malformed field."
          + " Run 'gcloud auth application-default login' again.";

  private final AdapterWorld world =
      new AdapterWorld(builder -> builder.binding(TARGET.id(), TOKEN_CREATOR, "user:" + USER));
  private final Path folder;

  ImpersonationFileTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @AfterEach
  void close() {
    world.close();
  }

  /** Writes the file of the caller's key along the chain, changed. */
  private Path file(Consumer<JsonObject> change) throws IOException {
    Path file = world.emulator().clients().writeAdcFile(CALLER.id(), CHAIN, folder);
    JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    change.accept(json);
    return Files.writeString(file, json.toString());
  }

  private static JsonElement parsed(String json) {
    return JsonParser.parseString(json);
  }

  @Test
  void fromFile_ofGcloud_issuesAlongItsDelegates() throws Exception {
    ImpersonationSettings settings = ImpersonationSettings.fromFile(file(json -> {}));

    assertThat(settings.target()).isEqualTo(CHAIN);
    assertThat(settings.source()).isInstanceOf(ServiceAccountCredentials.class);
    try (ShortLivedCredentials credentials =
        ShortLivedCredentials.builder()
            .source(settings.source())
            .endpoints(world.emulator().endpoints())
            .build()) {
      assertThat(
              credentials.issue(AccessTokenRequest.of(settings.target(), CLOUD_PLATFORM)).token())
          .startsWith("ya29.");
    }
    assertThat(world.emulator().calls())
        .last()
        .satisfies(call -> assertThat(call.delegates()).containsExactly(DELEGATE.resourceName()));
  }

  @Test
  void fromFile_withoutScopes_hasNoRequest() throws Exception {
    ImpersonationSettings settings = ImpersonationSettings.fromFile(file(json -> {}));

    assertThatThrownBy(settings::request)
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageStartingWith("Invalid scopes 'none': ");
  }

  @Test
  void fromFile_withScopesOfAUser_issuesItsRequest() throws Exception {
    Path file =
        file(
            json -> {
              json.add("source_credentials", parsed(world.emulator().userCredentials(USER)));
              json.add("delegates", new JsonArray());
              json.add("scopes", parsed("[\"" + CLOUD_PLATFORM + "\"]"));
              json.addProperty("universe_domain", "googleapis.com");
            });
    ImpersonationSettings settings = ImpersonationSettings.fromFile(file);

    assertThat(settings.source()).isInstanceOf(UserCredentials.class);
    assertThat(settings.request()).isEqualTo(AccessTokenRequest.of(TARGET, CLOUD_PLATFORM));
    try (ShortLivedCredentials credentials =
        ShortLivedCredentials.builder()
            .source(settings.source())
            .endpoints(world.emulator().endpoints())
            .build()) {
      assertThat(credentials.issue(settings.request()).token()).startsWith("ya29.");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          delegates | "hidden"
          delegates | [1]
          delegates | [null]
          scopes | [{"hidden": 1}]
          scopes | "hidden"
          service_account_impersonation_url | 1
          service_account_impersonation_url | "https://hidden"
          source_credentials | "hidden"
          source_credentials | null
          """)
  void fromFile_malformedField_refused(String field, String value) throws Exception {
    assertUnusable(file(json -> json.add(field, parsed(value))), MALFORMED);
  }

  @Test
  void fromFile_malformedAccount_refusedByName() throws Exception {
    Path file = file(json -> json.add("delegates", parsed("[\"me@example.com\"]")));

    assertThatThrownBy(() -> ImpersonationSettings.fromFile(file))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageStartingWith("Invalid service account 'me@example.com': ");
  }

  @Test
  void fromFile_missingFile_refused() {
    assertUnusable(
        folder.resolve("missing.json"),
        "does not exist. Correct the path, or write the file there.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"service_account\",\"private_key\":\"hidden\"}",
        "{\"type\":\"authorized_user\",\"refresh_token\":\"hidden\"}",
        "{\"type\":\"external_account\",\"audience\":\"hidden\"}",
        "{\"type\":\"hidden\"}"
      })
  void fromFile_otherType_refused(String json) throws Exception {
    assertUnusable(
        Files.writeString(folder.resolve("other.json"), json),
        "is not a configuration for impersonation, whose type is impersonated_service_account."
            + " Use it as the source credentials, and name the account as the target of each"
            + " request.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "hidden | is not a JSON object. Copy it again from the place where it is stored.",
        "{} | has no type of a credential file. Check that it is the right file.",
        "{\"type\":\"impersonated_service_account\" "
            + "| ends before the JSON does, so a part is missing."
            + " Copy it again from the place where it is stored."
      })
  void fromFile_broken_refused(String json, String problem) throws Exception {
    assertUnusable(Files.writeString(folder.resolve("broken.json"), json), problem);
  }

  @Test
  void fromFile_brokenKeyInside_refused() throws Exception {
    assertUnusable(
        file(
            json ->
                json.getAsJsonObject("source_credentials").addProperty("private_key", "hidden")),
        "contains a key that has a private_key without its first line, at which the key begins."
            + " Copy it again from the place where it is stored.");
  }

  private static final String OTHER_UNIVERSE =
      "names another universe than the credentials in it. Correct its universe_domain and"
          + " service_account_impersonation_url, or the universe_domain of its source_credentials.";

  private static final String OTHER_HOST =
      "has a service_account_impersonation_url that is not https://iamcredentials.UNIVERSE_DOMAIN/..."
          + " with the universe domain of the credentials in it. Correct that URL, or the"
          + " universe_domain of its source_credentials.";

  private Path fileWithHost(String host) throws IOException {
    return file(
        json ->
            json.addProperty(
                "service_account_impersonation_url",
                host + "/v1/" + TARGET.resourceName() + ":generateAccessToken"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://hidden.example",
        "https://iamcredentials.googleapis.com.hidden.example",
        "https://hidden@iamcredentials.googleapis.com",
        "https://iamcredentials.googleapis.com@hidden.example",
        "https://iamcredentials.googleapis.com:hidden@hidden.example",
        "https://hidden.googleapis.com",
        "http://iamcredentials.googleapis.com",
        "http://hidden.example",
        "ftp://127.0.0.1",
        "https:\\\\hidden.example",
        "hidden"
      })
  void fromFile_urlOfAnotherHost_refused(String host) throws Exception {
    assertUnusable(fileWithHost(host), OTHER_HOST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://iamcredentials.googleapis.com",
        "HTTPS://IAMCREDENTIALS.GOOGLEAPIS.COM",
        "https://iamcredentials.us-east1.rep.googleapis.com",
        "https://iamcredentials.mtls.googleapis.com",
        "http://localhost:8080"
      })
  void fromFile_urlOfGoogleOrThisMachine_isAccepted(String host) throws Exception {
    assertThat(ImpersonationSettings.fromFile(fileWithHost(host)).target()).isEqualTo(CHAIN);
  }

  @Test
  void fromFile_universeOfAnotherThanItsSource_refused() throws Exception {
    assertUnusable(
        file(json -> json.addProperty("universe_domain", "hidden.example")), OTHER_UNIVERSE);
  }

  @Test
  void fromFile_sourceOfAnotherUniverse_refusedForGooglesUrl() throws Exception {
    Consumer<JsonObject> elsewhere =
        json ->
            json.getAsJsonObject("source_credentials")
                .addProperty("universe_domain", "apis.example.fr");
    String path = "/v1/" + TARGET.resourceName() + ":generateAccessToken";

    assertUnusable(
        file(
            elsewhere.andThen(
                json ->
                    json.addProperty(
                        "service_account_impersonation_url",
                        "https://iamcredentials.googleapis.com" + path))),
        OTHER_HOST);
    assertThat(
            ImpersonationSettings.fromFile(
                    file(
                        elsewhere.andThen(
                            json ->
                                json.addProperty(
                                    "service_account_impersonation_url",
                                    "https://iamcredentials.apis.example.fr" + path))))
                .target())
        .isEqualTo(CHAIN);
  }

  private static void assertUnusable(Path file, String problem) {
    assertThatThrownBy(() -> ImpersonationSettings.fromFile(file))
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessage("Credential file '" + file + "' cannot be used: it " + problem)
        .satisfies(
            failure ->
                assertThat(Throwables.getStackTraceAsString(failure))
                    .doesNotContain("hidden")
                    .doesNotContain("PRIVATE KEY"));
  }
}
