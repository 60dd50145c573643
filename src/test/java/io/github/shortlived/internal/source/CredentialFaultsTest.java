package io.github.shortlived.internal.source;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.common.base.Throwables;
import com.google.common.io.BaseEncoding;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.TestKeys;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Member;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each faulty file gets a message of its own, as a key file and as Application Default Credentials.
 */
class CredentialFaultsTest {
  private static final String COPY = "Copy it again from the place where it is stored";
  private static final String LOST = "has a private_key that has lost its line breaks";
  private static final String OTHER_METHOD =
      "Pass it to the builder's configurationFile or configuration, or name it in"
          + " GOOGLE_APPLICATION_CREDENTIALS and use Application Default Credentials";
  private static final String USER =
      "{\"type\":\"authorized_user\",\"client_id\":\"hidden\",\"client_secret\":\"hidden\",\"refresh_token\":\"hidden\"}";

  private final Path folder;

  CredentialFaultsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** Files that no method accepts. */
  static Stream<Arguments> broken() throws Exception {
    String key = key(json -> {});
    return Stream.of(
        file("", "is empty", COPY),
        file(" \r\n\t", "is empty", COPY),
        file(key.getBytes(UTF_16), "is UTF-16 text, which PowerShell writes", "Save it again as"),
        file(key.getBytes(UTF_16LE), "is UTF-16 text, which PowerShell writes", "Save it again as"),
        file(pkcs12(), "is a key in the format PKCS#12 (.p12)", "Load its private key with"),
        file(new byte[] {31, -117, 8, 0}, "is not UTF-8 text", "Decompress or decode it"),
        file(new JsonPrimitive(key).toString(), "is a JSON string that contains", "Remove the"),
        file("'" + key + "'", "is a JSON string that contains", "Remove the quotation marks"),
        file(base64(key), "is base64 of the JSON", "Decode it"),
        file(base64(key).replaceAll("(.{76})", "$1\n"), "is base64 of the JSON", "Decode it"),
        file(TestKeys.pem(), "is a private key or certificate without the JSON around it", "Use"),
        file("/hidden/key.json\n", "is the path of a file instead of its content", "Pass that"),
        file("[" + key + "]", "is a JSON array", "Use the object in it"),
        file(key + "hidden", "has text after the JSON", "Remove that text"),
        file(key + key, "has text after the JSON", "Remove that text"),
        file(key.substring(0, 100), "ends before the JSON does, so a part is missing", COPY),
        file("{", "ends before the JSON does, so a part is missing", COPY),
        file("hidden", "is not a JSON object", COPY),
        file("null", "is not a JSON object", COPY),
        file("{\"hidden\" \"hidden\"}", "is not a JSON object", COPY),
        file("{}", "has no type of a credential file", "Check that it is the right file"),
        file("{\"type\":\"hidden\"}", "has no type of a credential file", "Check that it is"),
        file("{\"type\":[\"hidden\"]}", "has no type of a credential file", "Check that it is"),
        file("{\"installed\":{}}", "is an OAuth client file", "Run 'gcloud auth"),
        file("{\"web\":{}}", "is an OAuth client file", "Run 'gcloud auth"),
        file(
            "{\"name\":\"hidden\",\"privateKeyData\":\"hidden\"}",
            "is a response of the IAM API, which contains the key file",
            "Decode its field privateKeyData"),
        file(
            "{\"type\":\"external_account_authorized_user_login_config\"}",
            "is a login configuration, not a login",
            "Run 'gcloud auth application-default login --login-config=FILE' with it"),
        file(
            impersonated("{\"type\":\"external_account_authorized_user\"}"),
            "impersonates an account with a federated identity, which google-auth cannot load",
            "Save its source_credentials as a file of their own"),
        file(
            impersonated("{\"type\":\"external_account\"}"),
            "impersonates an account with a federated identity, which google-auth cannot load",
            "Save its source_credentials as a file of their own"),
        file(
            impersonated(key(json -> json.addProperty("private_key", "hidden"))),
            "contains a key that has a private_key without its first line",
            COPY),
        file(
            key(json -> json.remove("client_id")),
            "is a service-account key without the text fields client_id",
            COPY),
        file(
            key(json -> json.remove("type")),
            "is a service-account key without the text fields type",
            COPY),
        file(
            key(json -> json.add("client_email", new JsonObject())),
            "is a service-account key without the text fields client_email",
            COPY),
        file(
            key(json -> json.addProperty("quota_project_id", 1)),
            "is a service-account key with a field of the wrong JSON type",
            COPY),
        file(
            key(json -> json.addProperty("token_uri", "://hidden")),
            "has a token_uri that is not an http(s) URL",
            "Set it to https://oauth2.googleapis.com/token"),
        tokenUri(""),
        tokenUri("oauth2.googleapis.com/token"),
        tokenUri("ftp://hidden/token"),
        tokenUri("https:hidden"),
        tokenUri("https:///hidden"),
        file(
            impersonated(impersonated(USER)),
            "impersonates an account through another one, which google-auth cannot load",
            "Put the inner account into delegates, and the innermost source_credentials in its"
                + " place"),
        file(pkcs8(), "is a private key in DER without the JSON around it", "Use the whole JSON"),
        file(key.getBytes(Charset.forName("UTF-32LE")), "is UTF-32 text", "Save it again as UTF-8"),
        file(key.getBytes(Charset.forName("UTF-32BE")), "is UTF-32 text", "Save it again as UTF-8"),
        file(
            ("\uFEFF" + key).getBytes(Charset.forName("UTF-32LE")),
            "is UTF-32 text",
            "Save it again as UTF-8"),
        file(key.replace("}", "\0}"), "contains a NUL character", COPY),
        pem(
            TestKeys.pem().replace("\n", "\\n"),
            LOST + ": each is a backslash and an n",
            "Replace"),
        pem(TestKeys.pem().replace("\n", " "), LOST, "Copy it again without changing its line"),
        pem(TestKeys.pem().replace("\n", ""), LOST, "Copy it again without changing its line"),
        pem(TestKeys.pem().replace("\n", "\n  "), LOST, "Copy it again without changing its line"),
        pem(TestKeys.pem().replaceAll("(.{64})", "$1 "), LOST, "Copy it again without changing"),
        pem(
            TestKeys.pem().replace("PRIVATE", "RSA PRIVATE"),
            "has a private_key in another format than PKCS#8, such as PKCS#1",
            "Convert it with 'openssl pkcs8 -topk8 -nocrypt"),
        pem(
            TestKeys.pem().replace("PRIVATE", "ENCRYPTED PRIVATE"),
            "has a private_key in another format than PKCS#8",
            "Convert it with 'openssl pkcs8 -topk8 -nocrypt"),
        pem(
            TestKeys.pem().replace("PRIVATE", "OPENSSH PRIVATE"),
            "has a private_key that is not from Google, whose keys are RSA keys in PKCS#8",
            COPY),
        pem(
            TestKeys.pem().replace("PRIVATE", "EC PRIVATE"),
            "has a private_key that is not from Google, whose keys are RSA keys in PKCS#8",
            COPY),
        pem(
            TestKeys.pem().replace("PRIVATE KEY", "CERTIFICATE"),
            "has a certificate or a public key as private_key",
            COPY),
        pem(
            TestKeys.pem().replace("PRIVATE KEY", "PUBLIC KEY"),
            "has a certificate or a public key as private_key",
            COPY),
        pem(base64(TestKeys.pem()), "has a private_key in base64", "Decode its value once"),
        pem("hidden", "has a private_key without its first line", COPY),
        pem(TestKeys.pem().substring(0, 500), "has a private_key without its end", COPY));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void keyFile_broken_saysWhatItIsAndTheFix(byte[] content, String problem, String fix)
      throws IOException {
    Path file = Files.write(folder.resolve("a.json"), content);

    assertExplained(
        () -> ShortLivedCredentials.fromKeyFile(file),
        "Key file '" + file + "' cannot be used: it ",
        problem,
        fix);
  }

  @ParameterizedTest
  @MethodSource("broken")
  void defaultCredentials_broken_sayWhatTheyAreAndTheFix(byte[] content, String problem, String fix)
      throws IOException {
    Path file = Files.write(folder.resolve("a.json"), content);

    assertExplained(
        () -> {
          throw named(file);
        },
        "The Application Default Credentials cannot be used: credential file '" + file + "' ",
        problem,
        fix);
  }

  static Stream<Arguments> ofOtherMethods() {
    return Stream.of(
        Arguments.of(USER, "the login of a user"),
        Arguments.of(
            "{\"type\":\"external_account_authorized_user\"}", "the login of a federated user"),
        Arguments.of("{\"type\":\"external_account\"}", "a configuration for identity federation"),
        Arguments.of(impersonated(USER), "a configuration for impersonation"));
  }

  @ParameterizedTest
  @MethodSource("ofOtherMethods")
  void keyJson_typeOfAnotherMethod_namesTheMethod(String json, String kind) {
    assertExplained(
        () -> ShortLivedCredentials.fromKeyJson(json),
        "The given key cannot be used: it ",
        "is " + kind + ", not a service-account key",
        OTHER_METHOD);
  }

  @ParameterizedTest
  @MethodSource("ofOtherMethods")
  void defaultCredentials_incomplete_nameTheirKind(String json, String kind) throws IOException {
    Path file = Files.writeString(folder.resolve("a.json"), json);

    assertThat(named(file))
        .hasMessageContaining(" is " + kind + " with a missing or malformed field. ")
        .hasMessageEndingWith(" GOOGLE_APPLICATION_CREDENTIALS names this file.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"// hidden\n%s", "/* hidden */ %s", "# hidden\n%s", "%s"})
  void defaultCredentials_validKey_onlyACommentIsAFault(String around) {
    String key = around.formatted(key(json -> json.addProperty("token_uri", "https://a//b#c")));

    assertThat(CredentialFaults.ofDefault(key).problem().contains("a comment, which is not JSON"))
        .isEqualTo(!around.equals("%s"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "oauth2.googleapis.com/token", "ftp://a.example/token"})
  void tokenUri_notHttp_refusedAtLoad(String url) throws IOException {
    String key = key(json -> json.addProperty("token_uri", url));
    for (String content : new String[] {key, impersonatedBy(key)}) {
      GoogleCredentials loaded =
          GoogleCredentials.fromStream(new ByteArrayInputStream(content.getBytes(UTF_8)));

      assertThatIllegalArgumentException()
          .isThrownBy(() -> SourceCredentialsLoader.requireTokenUrl(loaded));
    }
  }

  private static String impersonatedBy(String source) {
    return impersonated(source)
        .replace(
            "\"delegates\"",
            "\"service_account_impersonation_url\":\"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/"
                + TestKeys.CALLER.id()
                + ":generateAccessToken\",\"delegates\"");
  }

  @Test
  void keyFile_pathThatCannotBeOpened_saysWhy() throws IOException {
    Path loop = folder.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    for (Path path : new Path[] {loop, folder.resolve("a".repeat(256))}) {
      assertExplained(
          () -> ShortLivedCredentials.fromKeyFile(path),
          "Key file '" + path + "' cannot be used: it ",
          "cannot be opened by that path",
          "Check the path for a loop of symbolic links, for a name that is too long");
    }
  }

  @Test
  void keyJson_utf16ReadAsBytes_isRecognized() {
    String zeros = String.join("\0", key(json -> {}).split("", -1));

    assertThat(CredentialFaults.ofKey(zeros).problem()).startsWith("is UTF-16 text");
  }

  @Test
  void keyJson_damagedPrivateKey_firstAdvisesToCopyIt() throws Exception {
    KeyPairGenerator curve = KeyPairGenerator.getInstance("EC");
    String ec = pemOf(curve.generateKeyPair().getPrivate().getEncoded());
    for (String damaged :
        new String[] {pemOf(new byte[] {1}), pemOf(new byte[0]), ec, ec.replace("M", "M=")}) {
      assertThat(CredentialFaults.ofKey(key(json -> json.addProperty("private_key", damaged))))
          .satisfies(
              fault -> {
                assertThat(fault.problem())
                    .isEqualTo("has a damaged private_key, or one that is not an RSA key");
                assertThat(fault.fix())
                    .startsWith(COPY + ". If no copy is intact, replace the key with: gcloud ");
              });
    }
  }

  @Test
  void keyJson_linesOfWindows_areAccepted() {
    String key =
        key(json -> json.addProperty("private_key", TestKeys.pem().replace("\n", "\r\n")))
            .replace("{", "\uFEFF{");

    try (ShortLivedCredentials credentials = ShortLivedCredentials.fromKeyJson(key)) {
      assertThat(credentials.callerMember()).contains(Member.of(TestKeys.CALLER));
    }
  }

  private static void assertExplained(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call,
      String begin,
      String problem,
      String fix) {
    CredentialException refusal =
        catchThrowableOfType(CredentialException.SourceCredentials.class, call);

    assertThat(refusal).hasMessageStartingWith(begin + problem).hasMessageContaining(". " + fix);
    assertThat(refusal.getMessage()).doesNotContain("keys create").matches("[^\\p{Cntrl}]{1,500}");
    assertThat(Throwables.getStackTraceAsString(refusal))
        .doesNotContain("hidden", "PRIVATE KEY", TestKeys.pem().substring(30, 60));
  }

  private static CredentialException named(Path file) {
    Map<String, String> environment = Map.of("GOOGLE_APPLICATION_CREDENTIALS", file.toString());
    return new AdcLocations(environment::get, name -> null).broken();
  }

  private static Arguments file(String content, String problem, String fix) {
    return file(content.getBytes(UTF_8), problem, fix);
  }

  private static Arguments file(byte[] content, String problem, String fix) {
    return Arguments.of(content, problem, fix);
  }

  private static Arguments tokenUri(String url) {
    return file(
        key(json -> json.addProperty("token_uri", url)),
        "has a token_uri that is not an http(s) URL",
        "Set it to https://oauth2.googleapis.com/token");
  }

  private static Arguments pem(String privateKey, String problem, String fix) {
    return file(key(json -> json.addProperty("private_key", privateKey)), problem, fix);
  }

  private static String impersonated(String source) {
    return "{\"type\":\"impersonated_service_account\",\"delegates\":[],\"source_credentials\":%s}"
        .formatted(source);
  }

  private static String key(Consumer<JsonObject> change) {
    JsonObject key = TestKeys.json();
    change.accept(key);
    return key.toString();
  }

  private static String base64(String text) {
    return BaseEncoding.base64().encode(text.getBytes(UTF_8));
  }

  private static String pemOf(byte[] pkcs8) {
    return TestKeys.pem()
        .replaceFirst("\n[^-]+\n", "\n" + BaseEncoding.base64().encode(pkcs8) + "\n");
  }

  private static byte[] pkcs8() {
    String digits = TestKeys.pem().replaceAll("-----[^-]+-----|\\s", "");
    return BaseEncoding.base64().decode(digits);
  }

  private static byte[] pkcs12() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    KeyStore.PasswordProtection password =
        new KeyStore.PasswordProtection("notasecret".toCharArray());
    SecretKeySpec secret = new SecretKeySpec(new byte[16], "AES");
    store.setEntry("privatekey", new KeyStore.SecretKeyEntry(secret), password);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    store.store(out, password.getPassword());
    return out.toByteArray();
  }
}
