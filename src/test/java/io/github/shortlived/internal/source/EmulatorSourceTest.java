package io.github.shortlived.internal.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdentityPoolCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.auth.oauth2.UserCredentials;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.shortlived.FakeHttp;
import io.github.shortlived.TestKeys;
import io.github.shortlived.internal.client.EmulatorHost;
import io.github.shortlived.model.CredentialException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which source credentials are the emulator's, and which are refused before any call. */
public class EmulatorSourceTest {
  private static final String AT = "http://127.0.0.1:8085";
  private static final String GOOGLE_TOKENS = "https://oauth2.googleapis.com/token";
  private static final String IMPERSONATION =
      "/v1/projects/-/serviceAccounts/a@p.iam.gserviceaccount.com:generateAccessToken";

  /** Fails each call. */
  private final FakeHttp http = new FakeHttp();

  private final Path folder;

  EmulatorSourceTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static EmulatorSource source(Map<String, String> environment) {
    EmulatorHost emulator =
        EmulatorHost.in(Map.of(EmulatorHost.VARIABLE, "127.0.0.1:8085")::get).orElseThrow();
    return new EmulatorSource(
        emulator, new AdcLocations(environment::get, Map.of("os.name", "Linux")::get));
  }

  private static ServiceAccountCredentials key(String tokenUri) {
    return TestKeys.unnamed(new FakeHttp()).setTokenServerUri(URI.create(tokenUri)).build();
  }

  private static UserCredentials user(String tokenUri) {
    return UserCredentials.newBuilder()
        .setClientId("client")
        .setClientSecret("hidden")
        .setRefreshToken("hidden")
        .setTokenServerUri(URI.create(tokenUri))
        .build();
  }

  private static GoogleCredentials impersonated(GoogleCredentials source, String url) {
    return impersonating(source).setIamEndpointOverride(url).build();
  }

  private static ImpersonatedCredentials.Builder impersonating(GoogleCredentials source) {
    return ImpersonatedCredentials.newBuilder()
        .setSourceCredentials(source)
        .setTargetPrincipal("a@p.iam.gserviceaccount.com")
        .setScopes(List.of("https://www.googleapis.com/auth/cloud-platform"));
  }

  private static AccessToken token() {
    return new AccessToken("hidden", Date.from(Instant.parse("2100-01-01T00:00:00Z")));
  }

  static Stream<GoogleCredentials> ofTheEmulator() {
    return Stream.of(
        key(AT + "/token"),
        key("http://localhost:8085/token"),
        user(AT + "/token"),
        impersonated(user(AT + "/token"), AT + IMPERSONATION));
  }

  @ParameterizedTest
  @MethodSource("ofTheEmulator")
  void accepted_everyUrlAtTheEmulator_isReturned(GoogleCredentials credentials) {
    assertThat(source(Map.of()).accepted(credentials, "They")).isSameAs(credentials);
  }

  static Stream<GoogleCredentials> ofGoogle() {
    return Stream.of(
        key(GOOGLE_TOKENS),
        key("http://127.0.0.1:8086/token"),
        key("http://127.0.0.1:8085@evil.com/token"),
        user(GOOGLE_TOKENS),
        impersonated(key(GOOGLE_TOKENS), AT + IMPERSONATION),
        impersonated(key(AT + "/token"), "https://iamcredentials.googleapis.com" + IMPERSONATION),
        impersonating(key(AT + "/token")).build(),
        ComputeEngineCredentials.create(),
        GoogleCredentials.create(token()),
        UserCredentials.newBuilder()
            .setClientId("client")
            .setClientSecret("hidden")
            .setAccessToken(token())
            .setTokenServerUri(URI.create(AT + "/token"))
            .build(),
        IdentityPoolCredentials.newBuilder()
            .setSubjectTokenSupplier(context -> "hidden")
            .setAudience("audience")
            .setSubjectTokenType("urn:ietf:params:oauth:token-type:jwt")
            .setTokenUrl("https://127.0.0.1:8085/v1/token")
            .build(),
        new Unknown(),
        impersonated(new Unknown(), AT + IMPERSONATION));
  }

  @ParameterizedTest
  @MethodSource("ofGoogle")
  void accepted_otherOrUnknownUrl_isRefused(GoogleCredentials credentials) {
    assertThatThrownBy(() -> source(Map.of()).accepted(credentials, "The given source"))
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessageStartingWith(
            "The given source cannot be used with the emulator at 127.0.0.1:8085, which"
                + " SHORTLIVED_IAM_EMULATOR_HOST names: ")
        .hasMessageEndingWith("or unset SHORTLIVED_IAM_EMULATOR_HOST.")
        .hasMessageNotContaining("hidden");
  }

  /** Passes a key of Google from this file to an emulator. */
  public static void keyOfGoogle(String file) {
    GoogleCredentials unused =
        source(Map.of()).accepted(key(GOOGLE_TOKENS), "Key file '%s'".formatted(file));
  }

  @Test
  void accepted_keyOfGoogle_saysWhereItSendsSecrets() {
    assertThatThrownBy(() -> keyOfGoogle("key.json"))
        .hasMessage(
            "Key file 'key.json' cannot be used with the emulator at 127.0.0.1:8085, which"
                + " SHORTLIVED_IAM_EMULATOR_HOST names: its token server is at"
                + " oauth2.googleapis.com (ServiceAccountCredentials). A local process gets only"
                + " credentials that this emulator issued. Use such credentials, for example a key"
                + " file beside the emulator's env.sh, or unset SHORTLIVED_IAM_EMULATOR_HOST.");
  }

  @Test
  void applicationDefault_nothingFound_isTheMetadataServerWithoutACall() {
    Map<String, String> nothing = Map.of("CLOUDSDK_CONFIG", folder.toString());
    assertThat(source(nothing).applicationDefault(http))
        .isInstanceOf(ComputeEngineCredentials.class);
    assertThat(http.requests()).isEmpty();
  }

  private static String keyJson(String tokenUri) {
    JsonObject key = TestKeys.json();
    key.addProperty("token_uri", tokenUri);
    return key.toString();
  }

  private GoogleCredentials named(String json) throws IOException {
    Path file = Files.writeString(folder.resolve("credentials.json"), json);
    return source(Map.of("GOOGLE_APPLICATION_CREDENTIALS", file.toString()))
        .applicationDefault(http);
  }

  @Test
  void applicationDefault_keyOfTheEmulator_isAccepted() throws Exception {
    assertThat(named(keyJson(AT + "/token")))
        .isInstanceOfSatisfying(
            ServiceAccountCredentials.class,
            key -> assertThat(key.getClientEmail()).isEqualTo(TestKeys.CALLER.id()));
    assertThat(http.requests()).isEmpty();
  }

  @Test
  void applicationDefault_keyOfGoogle_isRefusedWithItsPlace() {
    assertThatThrownBy(() -> named(keyJson(GOOGLE_TOKENS)))
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessageStartingWith(
            "The credential file '%s', which GOOGLE_APPLICATION_CREDENTIALS names, cannot be used",
            folder.resolve("credentials.json"));
    assertThat(http.requests()).isEmpty();
  }

  @Test
  void applicationDefault_loginOfGcloud_isRefusedWithItsPlace() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("application_default_credentials.json"),
            """
            {"type": "authorized_user", "client_id": "c", "client_secret": "hidden",
             "refresh_token": "hidden"}""");
    EmulatorSource source = source(Map.of("CLOUDSDK_CONFIG", folder.toString()));

    assertThatThrownBy(() -> source.applicationDefault(http))
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessageStartingWith("The credential file '%s', which gcloud wrote, cannot be", file)
        .hasMessageContaining("its token server is at oauth2.googleapis.com (UserCredentials)")
        .hasMessageNotContaining("hidden");
    assertThat(http.requests()).isEmpty();
  }

  @Test
  void applicationDefault_brokenFile_isExplainedWithoutItsContent() {
    assertThatThrownBy(() -> named("{\"type\": \"hidden\"}"))
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessageContaining("GOOGLE_APPLICATION_CREDENTIALS names this file.")
        .hasMessageNotContaining("hidden")
        .hasNoCause();
    assertThatThrownBy(
            () ->
                source(Map.of("GOOGLE_APPLICATION_CREDENTIALS", folder.toString()))
                    .applicationDefault(http))
        .hasMessageContaining("is a folder");
  }

  private JsonObject federation(Consumer<JsonObject> change) {
    JsonObject file =
        JsonParser.parseString(
                """
                {"type": "external_account",
                 "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
                 "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
                 "token_url": "AT/v1/token",
                 "token_info_url": "AT/v1/introspect",
                 "service_account_impersonation_url": "AT/v1/x:generateAccessToken",
                 "credential_source": {"file": "/run/token"}}"""
                    .replace("AT/", AT + "/"))
            .getAsJsonObject();
    change.accept(file);
    return file;
  }

  @Test
  void applicationDefault_federationAtTheEmulator_isAccepted() throws Exception {
    assertThat(named(federation(file -> {}).toString()))
        .isInstanceOf(IdentityPoolCredentials.class);
    assertThat(
            named(federation(file -> file.remove("service_account_impersonation_url")).toString()))
        .isInstanceOf(IdentityPoolCredentials.class);
    assertThat(http.requests()).isEmpty();
  }

  static Stream<Consumer<JsonObject>> changesOfOneUrl() {
    return Stream.of(
        file -> file.addProperty("token_url", "http://127.0.0.1:8086/v1/token"),
        file -> file.addProperty("token_url", "https://sts.googleapis.com/v1/token"),
        file -> file.addProperty("token_info_url", "https://sts.googleapis.com/v1/introspect"),
        file ->
            file.addProperty(
                "service_account_impersonation_url",
                "https://iamcredentials.googleapis.com/v1/x:generateAccessToken"),
        file -> setSource(file, "{\"url\": \"https://idp.example/token\"}"),
        file -> setSource(file, "{\"url\": \"HTTPS://idp.example/token\"}"),
        file -> setSource(file, "{\"executable\": {\"command\": \"/bin/true\"}}"),
        file ->
            setSource(
                file,
                """
                {"environment_id": "aws1", "regional_cred_verification_url":
                 "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15"}"""));
  }

  private static void setSource(JsonObject file, String source) {
    file.add("credential_source", JsonParser.parseString(source));
  }

  @ParameterizedTest
  @MethodSource("changesOfOneUrl")
  void applicationDefault_federationWithOneOtherUrl_isRefused(Consumer<JsonObject> change) {
    assertThatThrownBy(() -> named(federation(change).toString()))
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessageContaining("which SHORTLIVED_IAM_EMULATOR_HOST names: ");
    assertThat(http.requests()).isEmpty();
  }

  /** google-auth would accept the URL only with https. */
  @Test
  void federationOfTheEmulator_withGoogleAuthAlone_isRefused() {
    byte[] json = federation(file -> {}).toString().getBytes(UTF_8);
    assertThatThrownBy(() -> GoogleCredentials.fromStream(new ByteArrayInputStream(json)))
        .hasStackTraceContaining("token");
  }

  /** Credentials of a type that this library does not know. */
  @SuppressWarnings("serial")
  private static final class Unknown extends GoogleCredentials {
    @Override
    public AccessToken refreshAccessToken() {
      throw new AssertionError("No call is expected");
    }
  }
}
