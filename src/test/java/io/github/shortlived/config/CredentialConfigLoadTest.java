package io.github.shortlived.config;

import static io.github.shortlived.config.ConfigExamples.authorizedUser;
import static io.github.shortlived.config.ConfigExamples.awsSource;
import static io.github.shortlived.config.ConfigExamples.executableSource;
import static io.github.shortlived.config.ConfigExamples.externalAccount;
import static io.github.shortlived.config.ConfigExamples.federatedUser;
import static io.github.shortlived.config.ConfigExamples.fileSource;
import static io.github.shortlived.config.ConfigExamples.impersonated;
import static io.github.shortlived.config.ConfigExamples.in;
import static io.github.shortlived.config.ConfigExamples.machineCertificateSource;
import static io.github.shortlived.config.ConfigExamples.serviceAccount;
import static io.github.shortlived.config.ConfigExamples.urlSource;
import static io.github.shortlived.config.ConfigExamples.with;
import static io.github.shortlived.config.ConfigExamples.without;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.AwsCredentials;
import com.google.auth.oauth2.ExternalAccountAuthorizedUserCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdentityPoolCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.PluggableAuthCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.auth.oauth2.UserCredentials;
import com.google.common.base.Throwables;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.shortlived.FakeHttp;
import io.github.shortlived.IamJson;
import io.github.shortlived.InternalCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.internal.source.SourceCredentialsLoader;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Scopes;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Loads configurations from the builder to google-auth, and refuses the bad ones. */
class CredentialConfigLoadTest {
  private static final String UNUSABLE = "The credential configuration cannot be used: ";
  private static final String REMEDY = ". Request a new one from its author.";

  /** Allows what the configurations of this test name. */
  private static final CredentialConfigPolicy POLICY =
      CredentialConfigPolicy.googleOnly()
          .allowingHost("idp.example")
          .allowingFile(Path.of("/var/run/hidden"))
          .allowingCommand("/opt/idp hidden")
          .allowingAws();

  private final FakeHttp http = new FakeHttp();

  static Stream<Arguments> configurations() {
    return Stream.of(
        Arguments.of(serviceAccount(), ServiceAccountCredentials.class),
        Arguments.of(authorizedUser(), UserCredentials.class),
        Arguments.of(impersonated(authorizedUser()), ImpersonatedCredentials.class),
        Arguments.of(impersonated(serviceAccount()), ImpersonatedCredentials.class),
        Arguments.of(federatedUser(), ExternalAccountAuthorizedUserCredentials.class),
        Arguments.of(externalAccount(urlSource()), IdentityPoolCredentials.class),
        Arguments.of(externalAccount(fileSource()), IdentityPoolCredentials.class),
        Arguments.of(externalAccount(executableSource()), PluggableAuthCredentials.class),
        Arguments.of(externalAccount(awsSource()), AwsCredentials.class));
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void configuration_allowed_loadsTheTypeWithoutACall(
      JsonObject configuration, Class<?> credentials) {
    assertThat(load(configuration.toString())).isInstanceOf(credentials);
    assertThat(http.requests()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void configuration_refused_makesNoCall(JsonObject configuration) {
    configuration.addProperty("new_url", "https://evil.example/hidden");

    assertThatThrownBy(() -> load(configuration.toString()))
        .hasMessageContaining("it has a field that is not one of")
        .satisfies(CredentialConfigLoadTest::hidesTheContent);
    assertThat(http.requests()).isEmpty();
  }

  @Test
  void configuration_allowed_usesTheTransportThatWasChecked() {
    http.respond(200, "hidden-subject-token")
        .respond(
            200,
            "{\"access_token\":\"federated\",\"expires_in\":3600,\"token_type\":\"Bearer\","
                + "\"issued_token_type\":\"urn:ietf:params:oauth:token-type:access_token\"}")
        .respond(200, IamJson.accessToken("issued"));
    JsonObject configuration = externalAccount(urlSource());
    configuration.remove("service_account_impersonation_url");
    configuration.getAsJsonObject("credential_source").remove("format");
    try (ShortLivedCredentials credentials = build(configuration.toString())) {
      ServiceAccount target = ServiceAccount.of("target@p.iam.gserviceaccount.com");
      assertThat(credentials.accessToken(target, Scopes.CLOUD_PLATFORM).token())
          .isEqualTo("issued");
    }

    assertThat(http.urls().subList(0, 2))
        .containsExactly("https://idp.example/hidden", "https://sts.googleapis.com/v1/token");
  }

  @Test
  void configuration_withNulls_isReadWithoutThem() {
    String json = serviceAccount().toString().replace("}", ",\"quota_project_id\":null}");

    assertThat(load(json).getQuotaProjectId()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "\"hidden\"",
        "[\"hidden\"]",
        "{\"hidden\":",
        "{\"type\":\"authorized_user\"} hidden",
        "{\"type\":\"authorized_user\"}{\"hidden\":1}",
        "{'type':'hidden'}",
        "{type:\"hidden\"}",
        "{\"type\":\"hidden\",}",
        "{\"type\":NaN}",
        "{\"hidden\":1e99999999999}",
        "{\"scopes\":[null]}",
        "// hidden\n{}"
      })
  void configuration_notJson_refused(String json) {
    assertUnusable(json, "it is not a JSON object");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"authorized_user\",\"type\":\"hidden\"}",
        "{\"type\":null,\"type\":\"hidden\"}",
        "{\"type\":\"authorized_user\",\"\\u0074ype\":\"hidden\"}",
        "{\"credential_source\":{\"url\":\"hidden\",\"url\":\"hidden\"}}"
      })
  void configuration_fieldTwice_refused(String json) {
    assertUnusable(json, "it has a field twice");
  }

  @Test
  void configuration_of64KiB_isReadAndOneByteMoreIsNot() {
    String json = serviceAccount().toString();
    String full = json + " ".repeat(64 * 1024 - json.length());

    assertThat(load(full)).isInstanceOf(ServiceAccountCredentials.class);
    assertUnusable(full + " ", "it is larger than 64 KiB");
  }

  @Test
  void configuration_tooLargeInBytesAlone_refused() {
    assertUnusable("\"" + "é".repeat(40 * 1024) + "\"", "it is larger than 64 KiB");
  }

  @Test
  void configuration_of8Levels_isReadAndOneMoreIsNot() {
    assertThatThrownBy(() -> load(nested("{\"hidden\":", "1", "}", 8)))
        .hasMessageContaining("is refused: type is not one of");
    assertUnusable(nested("{\"hidden\":", "1", "}", 9), "it is nested deeper than 8 levels");
    assertUnusable(
        "{\"hidden\":" + nested("[", "1", "]", 8) + "}", "it is nested deeper than 8 levels");
  }

  @Test
  void configuration_ofManyLevels_refusedWithoutReadingThem() {
    assertUnusable("{\"a\":" + "[".repeat(60_000), "it is nested deeper than 8 levels");
  }

  private static String nested(String open, String inside, String close, int levels) {
    return open.repeat(levels) + inside + close.repeat(levels);
  }

  static Stream<Arguments> incomplete() {
    return Stream.of(
        Arguments.of("service_account", without(serviceAccount(), "private_key")),
        Arguments.of(
            "service_account", with(serviceAccount(), "private_key", "hidden private key")),
        Arguments.of("authorized_user", without(authorizedUser(), "refresh_token")),
        Arguments.of(
            "external_account", without(externalAccount(urlSource()), "credential_source")),
        Arguments.of(
            "external_account",
            with(externalAccount(urlSource()), "credential_source.format.type", "hidden")),
        Arguments.of(
            "external_account",
            with(
                externalAccount(executableSource()),
                "credential_source.executable.timeout_millis",
                new JsonPrimitive(1))),
        Arguments.of(
            "external_account",
            with(externalAccount(awsSource()), "credential_source.environment_id", "aws999")),
        Arguments.of("external_account", externalAccount(machineCertificateSource())),
        Arguments.of(
            "impersonated_service_account",
            without(impersonated(authorizedUser()), "source_credentials")),
        Arguments.of(
            "impersonated_service_account",
            with(
                impersonated(authorizedUser()),
                "service_account_impersonation_url",
                "https://iamcredentials.googleapis.com/hidden")));
  }

  @ParameterizedTest
  @MethodSource("incomplete")
  void configuration_thatGoogleAuthCannotRead_refusedWithoutItsText(
      String type, JsonObject configuration) {
    assertThatThrownBy(
            () ->
                ShortLivedCredentials.builder()
                    .httpTransportFactory(http)
                    .configuration(configuration.toString(), POLICY.allowingMachineCertificate())
                    .build())
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessage(
            UNUSABLE
                + "google-auth cannot load type "
                + type
                + ": a field is missing or malformed, or the certificate that it names cannot be read"
                + REMEDY)
        .hasNoCause()
        .satisfies(CredentialConfigLoadTest::hidesTheContent);
  }

  static Stream<Arguments> inAnotherUniverse() {
    return Stream.of(
        Arguments.of(serviceAccount(), true),
        Arguments.of(impersonated(serviceAccount()), true),
        Arguments.of(federatedUser(), true),
        Arguments.of(externalAccount(fileSource()), true),
        Arguments.of(authorizedUser(), false),
        Arguments.of(impersonated(authorizedUser()), false));
  }

  @ParameterizedTest
  @MethodSource("inAnotherUniverse")
  void configuration_ofAnotherUniverse_isOfItOrRefused(JsonObject configuration, boolean supported)
      throws Exception {
    String moved = in(configuration, "apis.example").toString();
    CredentialConfigPolicy policy =
        CredentialConfigPolicy.universe("apis.example").allowingFile(Path.of("/var/run/hidden"));

    if (supported) {
      assertThat(policy.load(moved, http).getUniverseDomain()).isEqualTo("apis.example");
    } else {
      assertThatThrownBy(() -> policy.load(moved, http))
          .isInstanceOf(CredentialException.SourceCredentials.class)
          .hasMessage(
              UNUSABLE
                  + "google-auth uses type "
                  + configuration.get("type").getAsString()
                  + " in Google's own universe only, and the policy is for apis.example"
                  + REMEDY)
          .satisfies(CredentialConfigLoadTest::hidesTheContent);
    }
    assertThat(http.requests()).isEmpty();
  }

  @Test
  void configurationFile_allowed_isRead(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("c.json"), serviceAccount().toString());

    try (ShortLivedCredentials credentials =
        ShortLivedCredentials.builder().configurationFile(file, POLICY).build()) {
      assertThat(InternalCredentials.context(credentials).source().scoped())
          .isInstanceOf(ServiceAccountCredentials.class);
    }
  }

  @Test
  void configurationFile_refused_isNamed(@TempDir Path folder) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("c.json"),
            with(serviceAccount(), "token_uri", "http://evil.example/hidden").toString());

    assertFileRefused(
        file,
        "The credential configuration is refused: token_uri does not use https. Use https. It was"
            + " read from the file '"
            + file
            + "'.");
  }

  @Test
  void configurationFile_notReadable_isNamed(@TempDir Path folder) throws Exception {
    Path binary = Files.write(folder.resolve("c.json"), "hidden é".getBytes(ISO_8859_1));
    Path large = Files.writeString(folder.resolve("d.json"), " ".repeat(64 * 1024 + 1));
    Path missing = folder.resolve("e.json");

    assertFileRefused(
        binary,
        unusable(binary, "is not UTF-8 text. Decompress or decode it, or save it as UTF-8."));
    assertFileRefused(folder, unusable(folder, "is a folder. Pass the path of the file in it."));
    String tooLarge =
        "is larger than 64 KiB. Check the path, or request a smaller one from its author.";
    assertFileRefused(large, unusable(large, tooLarge));
    // Cut within a character.
    Files.writeString(large, " " + "é".repeat(40 * 1024));
    assertFileRefused(large, unusable(large, tooLarge));
    assertFileRefused(
        missing, unusable(missing, "does not exist. Correct the path, or write the file there."));
  }

  private static String unusable(Path file, String why) {
    return "Credential configuration '" + file + "' cannot be used: it " + why;
  }

  private static void assertFileRefused(Path file, String message) {
    assertThatThrownBy(
            () -> ShortLivedCredentials.builder().configurationFile(file, POLICY).build())
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessage(message)
        .satisfies(CredentialConfigLoadTest::hidesTheContent);
  }

  @Test
  void load_federationInAnOpenFile_reportsOnlySecrets(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("c.json");

    assertThat(events(file, externalAccount(urlSource()))).isEmpty();
    assertThat(events(file, with(externalAccount(urlSource()), "client_secret", "hidden")))
        .isNotEmpty();
    assertThat(events(file, authorizedUser())).isNotEmpty();
    JsonObject source = urlSource();
    JsonObject headers = new JsonObject();
    headers.addProperty("Authorization", "Bearer hidden"); // as in GitHub's configurations
    source.add("headers", headers);
    assertThat(events(file, externalAccount(source))).isNotEmpty();
  }

  @Test
  void accessToken_allowedHostRedirects_isNotFollowed() {
    FakeHttp idp = new FakeHttp().redirect("http://169.254.169.254/computeMetadata/v1/");
    try (ShortLivedCredentials credentials =
        ShortLivedCredentials.builder()
            .configuration(externalAccount(urlSource()).toString(), POLICY)
            .httpTransportFactory(idp)
            .build()) {
      assertThatThrownBy(() -> credentials.accessToken(Target.self(), Scopes.CLOUD_PLATFORM))
          .isInstanceOf(CredentialException.SourceCredentials.class)
          .hasStackTraceContaining("HTTP 307: redirect refused");
    }
    assertThat(idp.requests()).hasSize(1);
  }

  @Test
  void load_withoutTheBuilder_refusesRedirectsToo() throws Exception {
    FakeHttp idp = new FakeHttp().redirect("http://169.254.169.254/computeMetadata/v1/");
    GoogleCredentials loaded = POLICY.load(externalAccount(urlSource()).toString(), idp);

    assertThatThrownBy(loaded::refresh).hasStackTraceContaining("HTTP 307: redirect refused");
    assertThat(idp.requests()).hasSize(1);
  }

  /** The type would select a transport that follows redirects. */
  @Test
  void load_subjectTokenTypeOfACertificateButAUrl_isRefusedBeforeAnyCall() {
    FakeHttp idp = new FakeHttp().redirect("http://169.254.169.254/computeMetadata/v1/");
    JsonObject configuration =
        with(
            externalAccount(urlSource()),
            "subject_token_type",
            "urn:ietf:params:oauth:token-type:mtls");

    assertThatThrownBy(() -> POLICY.load(configuration.toString(), idp))
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessageContaining("credential_source has no certificate");
    assertThat(idp.requests()).isEmpty();
  }

  private static List<CredentialEvent> events(Path file, JsonObject configuration)
      throws Exception {
    Files.writeString(file, configuration.toString());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    SourceCredentialsLoader loader = new SourceCredentialsLoader();
    loader.configurationFile(file, POLICY);
    List<CredentialEvent> events = new ArrayList<>();
    loader.load(new FakeHttp(), events::add);
    return events;
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void toString_everyPiece_hidesTheContent(JsonObject configuration) {
    JsonElement url = new JsonPrimitive("https://a.example/hidden?hidden");

    assertThat(new ConfigField("a", configuration, POLICY)).hasToString("ConfigField[a]");
    assertThat(ConfigUrlRules.Url.of(new ConfigField("a", url, POLICY)))
        .hasToString("Url[a.example]");
  }

  private GoogleCredentials load(String json) {
    try (ShortLivedCredentials credentials = build(json)) {
      return InternalCredentials.context(credentials).source().scoped();
    }
  }

  private ShortLivedCredentials build(String json) {
    return ShortLivedCredentials.builder()
        .httpTransportFactory(http)
        .configuration(json, POLICY)
        .build();
  }

  private void assertUnusable(String json, String why) {
    assertThatThrownBy(() -> load(json))
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessage(UNUSABLE + why + REMEDY)
        .hasNoCause()
        .satisfies(CredentialConfigLoadTest::hidesTheContent);
  }

  private static void hidesTheContent(Throwable failure) {
    assertThat(Throwables.getStackTraceAsString(failure))
        .doesNotContain("hidden", "evil.example", "idp.example");
  }
}
