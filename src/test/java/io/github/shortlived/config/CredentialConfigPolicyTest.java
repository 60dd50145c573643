package io.github.shortlived.config;

import static io.github.shortlived.config.ConfigExamples.EVIL;
import static io.github.shortlived.config.ConfigExamples.authorizedUser;
import static io.github.shortlived.config.ConfigExamples.awsSource;
import static io.github.shortlived.config.ConfigExamples.azureSource;
import static io.github.shortlived.config.ConfigExamples.certificateSource;
import static io.github.shortlived.config.ConfigExamples.executableSource;
import static io.github.shortlived.config.ConfigExamples.externalAccount;
import static io.github.shortlived.config.ConfigExamples.federatedUser;
import static io.github.shortlived.config.ConfigExamples.fileSource;
import static io.github.shortlived.config.ConfigExamples.impersonated;
import static io.github.shortlived.config.ConfigExamples.in;
import static io.github.shortlived.config.ConfigExamples.machineCertificateSource;
import static io.github.shortlived.config.ConfigExamples.object;
import static io.github.shortlived.config.ConfigExamples.serviceAccount;
import static io.github.shortlived.config.ConfigExamples.urlSource;
import static io.github.shortlived.config.ConfigExamples.with;
import static io.github.shortlived.config.ConfigExamples.without;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Throwables;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.shortlived.FakeHttp;
import io.github.shortlived.internal.text.Secrets;
import io.github.shortlived.model.CredentialException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each rule refuses, with which message, and what it accepts. */
class CredentialConfigPolicyTest {
  private static final String REFUSED = "The credential configuration is refused: ";
  private static final String ALLOW_HOST =
      ". If you trust the host, allow it with CredentialConfigPolicy.allowingHost.";
  private static final CredentialConfigPolicy GOOGLE = CredentialConfigPolicy.googleOnly();
  private static final CredentialConfigPolicy IDP = GOOGLE.allowingHost("idp.example");
  private static final String MTLS = "urn:ietf:params:oauth:token-type:mtls";

  static Stream<Arguments> types() {
    return Stream.of(
        Arguments.of(CredentialConfigType.EXTERNAL_ACCOUNT, externalAccount(urlSource())),
        Arguments.of(CredentialConfigType.EXTERNAL_ACCOUNT_AUTHORIZED_USER, federatedUser()),
        Arguments.of(
            CredentialConfigType.IMPERSONATED_SERVICE_ACCOUNT, impersonated(authorizedUser())),
        Arguments.of(
            CredentialConfigType.IMPERSONATED_SERVICE_ACCOUNT, impersonated(serviceAccount())),
        Arguments.of(CredentialConfigType.SERVICE_ACCOUNT, serviceAccount()),
        Arguments.of(CredentialConfigType.AUTHORIZED_USER, authorizedUser()));
  }

  @ParameterizedTest
  @MethodSource("types")
  void type_ofTheFive_isAllowed(CredentialConfigType type, JsonObject configuration) {
    assertThat(check(configuration, IDP)).isEqualTo(type);
  }

  @ParameterizedTest
  @MethodSource("types")
  void onlyTypes_thisOneAndTheOneInside_isAllowed(
      CredentialConfigType type, JsonObject configuration) {
    assertThat(check(configuration, IDP.onlyTypes(type, inside(configuration)))).isEqualTo(type);
  }

  /** The type of the source credentials inside; without them, of the whole. */
  private static CredentialConfigType inside(JsonObject configuration) {
    JsonObject source =
        Optional.ofNullable(configuration.getAsJsonObject("source_credentials"))
            .orElse(configuration);
    return CredentialConfigType.valueOf(source.get("type").getAsString().toUpperCase(Locale.ROOT));
  }

  @Test
  void onlyTypes_anotherInside_refused() {
    assertRefused(
        impersonated(authorizedUser()),
        GOOGLE.onlyTypes(
            CredentialConfigType.IMPERSONATED_SERVICE_ACCOUNT,
            CredentialConfigType.SERVICE_ACCOUNT),
        "source_credentials.type is a type that the policy does not allow. To allow it here,"
            + " add it to CredentialConfigPolicy.onlyTypes.");
  }

  @Test
  void onlyTypes_another_refused() {
    assertRefused(
        serviceAccount(),
        GOOGLE.onlyTypes(
            CredentialConfigType.AUTHORIZED_USER, CredentialConfigType.EXTERNAL_ACCOUNT),
        "type is not one of external_account, authorized_user, the types allowed here. Use a"
            + " configuration of such a type, or another policy.");
  }

  @Test
  void type_ofGoogleDistributedCloud_refusedByName() {
    assertRefused(
        object("type", "gdch_service_account"),
        GOOGLE,
        "type is gdch_service_account, which has its own CA file and hosts and whose tokens IAM"
            + " does not accept. Use google-auth's GdchCredentials directly.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hidden", "", "SERVICE_ACCOUNT"})
  void type_unknown_refusedWithoutItsName(String type) {
    assertRefused(
        object("type", type),
        GOOGLE,
        "type is not one of external_account, external_account_authorized_user,"
            + " impersonated_service_account, service_account, authorized_user, the types allowed here. Use a configuration of such a type, or another policy.");
  }

  @Test
  void type_missing_refused() {
    assertThatThrownBy(() -> check(new JsonObject(), GOOGLE))
        .hasMessageStartingWith(REFUSED + "type is not one of external_account,");
  }

  @Test
  void sourceCredentials_federated_refusedWithAnAlternative() {
    for (JsonObject federated : List.of(externalAccount(urlSource()), federatedUser())) {
      assertRefused(
          impersonated(federated),
          IDP,
          "source_credentials.type is a federated identity, from which google-auth cannot"
              + " impersonate. Use source_credentials alone as the configuration, and name the"
              + " account as the target of each request.");
    }
  }

  @Test
  void sourceCredentials_thatGoogleAuthDoesNotImpersonateFrom_refused() {
    assertRefused(
        impersonated(impersonated(authorizedUser())),
        IDP,
        "source_credentials.type is not one of service_account, authorized_user, the types allowed"
            + " here. Use a configuration of such a type, or another policy.");
  }

  static Stream<Arguments> urls() {
    return Stream.of(
        url(() -> externalAccount(urlSource()), "token_url", "sts"),
        url(() -> externalAccount(urlSource()), "token_info_url", "sts"),
        url(
            () -> externalAccount(urlSource()),
            "service_account_impersonation_url",
            "iamcredentials"),
        url(ConfigExamples::federatedUser, "token_url", "sts"),
        url(ConfigExamples::federatedUser, "token_info_url", "sts"),
        url(ConfigExamples::federatedUser, "revoke_url", "sts"),
        url(ConfigExamples::authorizedUser, "token_uri", "oauth2"),
        url(ConfigExamples::serviceAccount, "auth_uri", "oauth2"),
        url(ConfigExamples::serviceAccount, "token_uri", "oauth2"),
        url(ConfigExamples::serviceAccount, "auth_provider_x509_cert_url", "oauth2"),
        url(ConfigExamples::serviceAccount, "client_x509_cert_url", "oauth2"),
        url(
            () -> impersonated(authorizedUser()),
            "service_account_impersonation_url",
            "iamcredentials"),
        url(() -> impersonated(authorizedUser()), "source_credentials.token_uri", "oauth2"),
        url(() -> impersonated(serviceAccount()), "source_credentials.token_uri", "oauth2"));
  }

  private static Arguments url(Supplier<JsonObject> configuration, String path, String service) {
    return Arguments.of(configuration, path, service);
  }

  @ParameterizedTest
  @MethodSource("urls")
  void url_ofAnotherHost_refused(Supplier<JsonObject> configuration, String path, String service) {
    assertRefused(
        with(configuration.get(), path, EVIL),
        IDP,
        path + neither(service + ".googleapis.com") + ALLOW_HOST);
  }

  private static String neither(String host) {
    return " names a host that is neither "
        + host
        + ", with its regional and private endpoints, nor allowed by the policy";
  }

  @ParameterizedTest
  @MethodSource("urls")
  void allowingHost_thisOne_isAllowed(Supplier<JsonObject> configuration, String path) {
    assertAllowed(with(configuration.get(), path, EVIL), IDP.allowingHost("evil.example"));
  }

  @ParameterizedTest
  @MethodSource("urls")
  void url_ofAllowedHostWithoutHttps_refused(Supplier<JsonObject> configuration, String path) {
    assertRefused(
        with(configuration.get(), path, "http://evil.example/hidden"),
        IDP.allowingHost("evil.example"),
        path + " does not use https. Use https.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://sts.googleapis.com/v1/token",
        "https://sts.googleapis.com:443/v1/token",
        "HTTPS://STS.googleapis.com/v1/token",
        "https://sts.mtls.googleapis.com/v1/token",
        "https://us-east1-sts.googleapis.com/v1/token",
        "https://us-east1.sts.googleapis.com/v1/token",
        "https://sts.us-east1.googleapis.com/v1/token",
        "https://sts.us-east1.rep.googleapis.com/v1/token",
        "https://sts.eu.rep.googleapis.com/v1/token",
        "https://sts-psc1.p.googleapis.com/v1/token"
      })
  void url_ofTheService_isAllowed(String url) {
    assertAllowed(with(federatedUser(), "token_url", url), GOOGLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://sts.googleapis.com.evil.example/hidden",
        "https://evil.example/sts.googleapis.com/hidden",
        "https://stsXgoogleapis.com/hidden",
        "https://notgoogleapis.com/hidden",
        "https://sts.googleapis.com:8443/hidden",
        "https://sts.googleapis.com./hidden",
        "https://iamcredentials.googleapis.com/hidden",
        "https://storage.googleapis.com/hidden",
        "https://bucket-sts.storage.googleapis.com/hidden",
        "https://sts.storage.googleapis.com/hidden",
        "https://accounts.google.com/hidden",
        "https://metadata.google.internal/hidden",
        "https://127.0.0.1/hidden",
        "http://127.0.0.1/hidden",
        "http://sts.googleapis.com/hidden",
        "file://sts.googleapis.com/hidden"
      })
  void url_ofAnotherOrInsecureHost_refused(String url) {
    assertThatThrownBy(() -> check(with(federatedUser(), "token_url", url), GOOGLE))
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessageMatching(
            REFUSED
                + "token_url (?:names a host that is neither sts\\.googleapis\\.com, |does not use https\\.).*")
        .satisfies(CredentialConfigPolicyTest::hidesTheContent);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hidden",
        "//sts.googleapis.com/hidden",
        "https:sts.googleapis.com/hidden",
        "https:///hidden",
        "https://sts.googleapis.com@evil.example/hidden",
        "https://hidden:hidden@sts.googleapis.com/",
        "https://evil.example\\@sts.googleapis.com/hidden",
        "https://sts.googleapis.com#@evil.example/hidden",
        "https://sts.googleapis.com/#hidden",
        "https://sts%2egoogleapis.com/hidden",
        "https://sts。googleapis。com/hidden",
        "https://[::1]/hidden",
        "https://sts.googleapis.com/../hidden",
        "https://sts.googleapis.com/%2E%2e/hidden",
        "https://sts.googleapis.com/ hidden",
        " https://sts.googleapis.com/hidden",
        "jar:https://sts.googleapis.com/hidden!/",
        "file:/etc/hidden"
      })
  void url_thatParsersMayReadDifferently_refused(String url) {
    assertRefused(
        with(federatedUser(), "token_url", url),
        GOOGLE,
        "token_url is not a plain URL with only a scheme, host, path and query. Correct it.");
  }

  @Test
  void url_withLineBreak_refused() {
    assertRefused(
        with(federatedUser(), "token_url", "https://sts.googleapis.com/\r\nhidden"),
        GOOGLE,
        "token_url is not a single line of text. Correct it.");
  }

  @ParameterizedTest
  @CsvSource({
    "https://accounts.google.com/o/oauth2/token, true",
    "https://www.googleapis.com/oauth2/v4/token, true",
    "https://oauth2.mtls.googleapis.com/token, true",
    "https://www.googleapis.com/upload/storage/v1/b/hidden/o, false",
    "https://www.googleapis.com/oauth2/..%2fupload/hidden, false",
    "http://accounts.google.com/o/oauth2/token, false",
    "http://www.googleapis.com/oauth2/v4/token, false"
  })
  void tokenUri_onSharedHosts_onlyForTokens(String url, boolean allowed) {
    JsonObject configuration = with(authorizedUser(), "token_uri", url);
    if (allowed) {
      assertAllowed(configuration, GOOGLE);
    } else {
      assertThatThrownBy(() -> check(configuration, GOOGLE))
          .hasMessageStartingWith(REFUSED + "token_uri ")
          .satisfies(CredentialConfigPolicyTest::hidesTheContent);
    }
  }

  @Test
  void subjectTokenUrl_ofNoAllowedHost_refused() {
    assertRefused(
        externalAccount(urlSource()),
        GOOGLE,
        "credential_source.url names a host that the policy does not allow" + ALLOW_HOST);
  }

  @Test
  void subjectTokenUrl_ofGoogle_refused() {
    assertRefused(
        with(
            externalAccount(urlSource()),
            "credential_source.url",
            "https://storage.googleapis.com/hidden"),
        GOOGLE,
        "credential_source.url names a host that the policy does not allow" + ALLOW_HOST);
  }

  @ParameterizedTest
  @CsvSource({
    "idp.example, https://idp.example/token, true",
    "IDP.example:443, https://idp.EXAMPLE:443/token, true",
    "idp.example:8443, https://idp.example:8443/token, true",
    "idp.example, https://idp.example:8443/token, false",
    "idp.example:8443, https://idp.example/token, false",
    "idp.example, https://sub.idp.example/token, false",
    "127.0.0.1:80, http://127.0.0.1:80/token, true",
    "127.0.0.1:80, http://127.0.0.1/token, true",
    "127.0.0.1, http://127.0.0.1:80/token, true",
    "127.0.0.1, http://127.0.0.1/token, true",
    "127.0.0.1, https://127.0.0.1/token, true",
    "127.0.0.1, http://127.0.0.1:443/token, false",
    "127.0.0.1, https://127.0.0.1:80/token, false",
    "127.0.0.1:443, http://127.0.0.1/token, false",
    "127.0.0.1:443, https://127.0.0.1/token, true",
    "127.0.0.1:443, http://127.0.0.1:443/token, true",
    "127.0.0.1:80, https://127.0.0.1/token, false",
    "idp.example:65535, https://idp.example:65535/token, true",
    "localhost:8080, http://localhost:8080/token, true",
    "127.0.0.2:80, http://127.0.0.2:80/token, false"
  })
  void allowingHost_meansHostAndPort(String allowed, String url, boolean accepted) {
    JsonObject configuration = with(externalAccount(urlSource()), "credential_source.url", url);
    CredentialConfigPolicy policy = GOOGLE.allowingHost(allowed);
    if (accepted) {
      assertAllowed(configuration, policy);
    } else {
      assertThatThrownBy(() -> check(configuration, policy))
          .hasMessageMatching(
              REFUSED + "credential_source.url (?:names a host |does not use https).*");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"99999", "65536", "0", "0443"})
  void port_thatDoesNotExist_refused(String port) {
    JsonObject configuration =
        with(
            externalAccount(urlSource()),
            "credential_source.url",
            "https://idp.example:%s/token".formatted(port));
    assertThatThrownBy(() -> check(configuration, IDP))
        .hasMessageMatching(REFUSED + "credential_source.url (?:has a port|is not a plain URL).*");
    assertThatThrownBy(() -> GOOGLE.allowingHost("idp.example:" + port))
        .isInstanceOf(CredentialException.InvalidRequest.class);
  }

  /** What the policy accepts, google-auth loads. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "token_url",
        "token_info_url",
        "service_account_impersonation_url",
        "credential_source.url"
      })
  void allowingHost_httpInAnExternalAccount_isLoadedOrRefusedWithTheReason(String field) {
    JsonObject configuration =
        with(
            externalAccount(urlSource()),
            field,
            "http://127.0.0.1:8080/hidden:generateAccessToken");
    CredentialConfigPolicy policy =
        GOOGLE.allowingHost("127.0.0.1:8080").allowingHost("idp.example");
    if (Set.of("token_info_url", "credential_source.url").contains(field)) {
      assertAllowed(configuration, policy);
    } else {
      assertThatThrownBy(() -> check(configuration, policy))
          .isInstanceOf(CredentialException.SourceCredentials.class)
          .hasMessage(
              REFUSED
                  + field
                  + " uses http, which google-auth refuses in this field. Use https. In a test, keep"
                  + " Google's URL and let Builder.httpTransportFactory send it to the test server.")
          .satisfies(CredentialConfigPolicyTest::hidesTheContent);
    }
  }

  @ParameterizedTest
  @MethodSource("typesWithHttp")
  void allowingHost_httpInAnotherType_isLoaded(JsonObject configuration) {
    assertThat(
            GOOGLE
                .allowingHost("127.0.0.1:8080")
                .load(configuration.toString(), new FakeHttp())
                .getClass()
                .getSimpleName())
        .endsWith("Credentials");
  }

  static Stream<JsonObject> typesWithHttp() {
    String url = "http://127.0.0.1:8080/v1/projects/-/serviceAccounts/a@p:generateAccessToken";
    return Stream.of(
        with(serviceAccount(), "token_uri", url),
        with(authorizedUser(), "token_uri", url),
        with(federatedUser(), "token_url", url),
        with(impersonated(serviceAccount()), "service_account_impersonation_url", url));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "https://idp.example", "*.example", "idp.example/", ".example", "a b", "a:b"})
  void allowingHost_noHost_refused(String host) {
    assertThatThrownBy(() -> GOOGLE.allowingHost(host))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            "Invalid host '"
                + host
                + "': it must be one host name, without scheme, path or wildcard. Write HOST or"
                + " HOST:PORT.");
  }

  @Test
  void universe_anotherThanThePolicys_refused() {
    assertRefused(
        with(authorizedUser(), "universe_domain", "hidden.example"),
        GOOGLE,
        "universe_domain differs from the universe of the policy, googleapis.com. If you use that"
            + " universe, create the policy with CredentialConfigPolicy.universe.");
  }

  @Test
  void universe_ofThePolicy_allowsItsHosts() {
    JsonObject configuration = with(authorizedUser(), "universe_domain", "apis.example");
    CredentialConfigPolicy policy = CredentialConfigPolicy.universe("apis.example");

    assertAllowed(with(configuration, "token_uri", "https://oauth2.apis.example/token"), policy);
    assertRefused(
        with(configuration, "token_uri", "https://oauth2.googleapis.com/hidden"),
        policy,
        "token_uri" + neither("oauth2.apis.example") + ALLOW_HOST);
    assertThatThrownBy(
            () -> check(with(configuration, "token_uri", "https://accounts.google.com/"), policy))
        .hasMessageContaining("token_uri" + neither("oauth2.apis.example"));
  }

  static Stream<Arguments> universeFields() {
    return Stream.of(
        Arguments.of(externalAccount(fileSource()), "universe_domain"),
        Arguments.of(federatedUser(), "universe_domain"),
        Arguments.of(authorizedUser(), "universe_domain"),
        Arguments.of(serviceAccount(), "universe_domain"),
        Arguments.of(impersonated(serviceAccount()), "universe_domain"),
        Arguments.of(impersonated(serviceAccount()), "source_credentials.universe_domain"),
        Arguments.of(impersonated(authorizedUser()), "source_credentials.universe_domain"));
  }

  @ParameterizedTest
  @MethodSource("universeFields")
  void universe_anotherThanGooglesLeftOut_refused(JsonObject configuration, String path) {
    JsonObject there = in(configuration, "apis.example");
    CredentialConfigPolicy policy =
        CredentialConfigPolicy.universe("apis.example").allowingFile(Path.of("/var/run/hidden"));

    assertAllowed(there, policy);
    assertRefused(
        without(there, path),
        policy,
        path
            + " is missing, which means googleapis.com, and the policy is for apis.example. Request"
            + " a configuration for that universe from its author.");
  }

  @ParameterizedTest
  @MethodSource("universeFields")
  void universe_googlesLeftOut_isAllowed(JsonObject configuration, String path) {
    assertAllowed(without(configuration, path), GOOGLE.allowingFile(Path.of("/var/run/hidden")));
  }

  @Test
  void universe_noDomain_refused() {
    assertThatThrownBy(() -> CredentialConfigPolicy.universe("https://apis.example"))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessageStartingWith("Invalid universe domain 'https://apis.example'");
  }

  @Test
  void file_notAllowedByName_refused() {
    assertRefused(
        externalAccount(fileSource()),
        GOOGLE.allowingFile(Path.of("/var/run")),
        "credential_source.file names a file that the policy does not"
            + " allow. To allow it, call CredentialConfigPolicy.allowingFile.");
  }

  @Test
  void allowingFile_thisOne_isAllowed() {
    assertAllowed(externalAccount(fileSource()), GOOGLE.allowingFile(Path.of("/var/run/hidden")));
  }

  @Test
  void allowingFile_anotherSpelling_refused() {
    assertThatThrownBy(
            () ->
                check(
                    externalAccount(object("file", "/var/run/../run/hidden")),
                    GOOGLE.allowingFile(Path.of("/var/run/hidden"))))
        .hasMessageContaining("credential_source.file names a file");
  }

  @ParameterizedTest
  @CsvSource({
    "/var/run//hidden, /var/run//hidden, true",
    "/var/run//hidden, /var/run/hidden, true",
    "/var/run/hidden, /var//run///hidden, true",
    "/var/./run/././hidden, /var/./run/././hidden, true",
    "/var/./run/hidden, /var/run/hidden, true",
    "./hidden, hidden, true",
    "hidden, ././hidden, true",
    "run/.hidden, run/.hidden, true",
    "/var/../hidden, /var/../hidden, true",
    "/var//../hidden, /var/../hidden, true",
    "/var/../hidden, /hidden, false",
    "/var/.run/hidden, /var/run/hidden, false",
    "/var/run./hidden, /var/run/hidden, false",
    "hidden, /hidden, false"
  })
  void allowingFile_spellingThatChangesNothing_isTheSame(
      String inConfiguration, String allowed, boolean accepted) {
    JsonObject configuration = externalAccount(object("file", inConfiguration));
    CredentialConfigPolicy policy = GOOGLE.allowingFile(Path.of(allowed));
    if (accepted) {
      assertAllowed(configuration, policy);
    } else {
      assertThatThrownBy(() -> check(configuration, policy))
          .hasMessageContaining("credential_source.file names a file that the policy does not");
    }
  }

  @Test
  void command_notAllowedByName_refused() {
    assertRefused(
        externalAccount(executableSource()),
        GOOGLE.allowingCommand("/opt/idp").allowingFile(Path.of("/var/run/hidden")),
        "credential_source.executable.command names a command that the policy does not"
            + " allow. To allow it, call CredentialConfigPolicy.allowingCommand.");
  }

  @Test
  void command_whoseOutputFileIsNotAllowed_refused() {
    assertRefused(
        externalAccount(executableSource()),
        GOOGLE.allowingCommand("/opt/idp hidden"),
        "credential_source.executable.output_file names a file that the policy does not"
            + " allow. To allow it, call CredentialConfigPolicy.allowingFile.");
  }

  @Test
  void allowingCommand_thisOne_isAllowed() {
    assertAllowed(
        externalAccount(executableSource()),
        GOOGLE.allowingCommand("/opt/idp hidden").allowingFile(Path.of("/var/run/hidden")));
  }

  @Test
  void certificate_filesNotAllowedByName_refused() {
    CredentialConfigPolicy one = GOOGLE.allowingFile(Path.of("/etc/hidden.json"));

    assertThatThrownBy(() -> check(externalAccount(certificateSource()), GOOGLE))
        .hasMessageContaining("certificate.certificate_config_location names a file");
    assertThatThrownBy(() -> check(externalAccount(certificateSource()), one))
        .hasMessageContaining("certificate.trust_chain_path names a file");
    assertAllowed(
        externalAccount(certificateSource()), one.allowingFile(Path.of("/etc/hidden.pem")));
  }

  static Stream<JsonObject> sourcesWithoutCertificate() {
    return Stream.of(urlSource(), fileSource(), executableSource(), awsSource());
  }

  @ParameterizedTest
  @MethodSource("sourcesWithoutCertificate")
  void subjectTokenType_ofACertificateThatIsNotTheSource_refused(JsonObject source) {
    CredentialConfigPolicy policy =
        IDP.allowingFile(Path.of("/var/run/hidden"))
            .allowingCommand("/opt/idp hidden")
            .allowingAws();
    assertAllowed(externalAccount(source), policy);
    assertRefused(
        with(externalAccount(source), "subject_token_type", MTLS),
        policy,
        "subject_token_type is urn:ietf:params:oauth:token-type:mtls, and credential_source has no"
            + " certificate. Request a configuration with both or neither from its author.");
  }

  @Test
  void certificate_withAnotherSubjectTokenType_refused() {
    JsonObject configuration = externalAccount(machineCertificateSource());
    CredentialConfigPolicy policy = GOOGLE.allowingMachineCertificate();
    String message =
        "subject_token_type is not urn:ietf:params:oauth:token-type:mtls, and credential_source has"
            + " a certificate. Request a configuration with both or neither from its author.";

    assertRefused(with(configuration, "subject_token_type", "hidden"), policy, message);
    assertRefused(without(configuration, "subject_token_type"), policy, message);
  }

  @Test
  void machineCertificate_notAllowedByName_refused() {
    assertRefused(
        externalAccount(machineCertificateSource()),
        GOOGLE,
        "credential_source.certificate.use_default_certificate_config uses a certificate of this machine that the policy does not"
            + " allow. To allow it, call CredentialConfigPolicy.allowingMachineCertificate.");
  }

  @Test
  void allowingMachineCertificate_isAllowed() {
    assertAllowed(externalAccount(machineCertificateSource()), GOOGLE.allowingMachineCertificate());
  }

  @Test
  void machineCertificate_notUsed_isAllowed() {
    JsonObject configuration = externalAccount(machineCertificateSource());
    assertAllowed(
        with(
            configuration,
            "credential_source.certificate.use_default_certificate_config",
            new JsonPrimitive(false)),
        GOOGLE);
  }

  @Test
  void aws_notAllowedByName_refused() {
    assertRefused(
        externalAccount(awsSource()),
        GOOGLE.allowingHost("169.254.169.254"),
        "credential_source.environment_id uses an AWS identity of this machine that the policy does not"
            + " allow. To allow it, call CredentialConfigPolicy.allowingAws.");
  }

  @Test
  void allowingAws_itsOwnEndpoints_areAllowed() {
    assertAllowed(externalAccount(awsSource()), GOOGLE.allowingAws());
    assertAllowed(
        with(
            externalAccount(awsSource()),
            "credential_source.url",
            "http://[fd00:ec2::254]/latest/meta-data/iam/security-credentials"),
        GOOGLE.allowingAws());
  }

  @ParameterizedTest
  @ValueSource(strings = {"url", "region_url", "imdsv2_session_token_url"})
  void allowingAws_anotherMetadataServer_refused(String field) {
    for (String url : List.of(EVIL, "http://169.254.169.254@evil.example/", "http://127.0.0.1/")) {
      assertRefused(
          with(externalAccount(awsSource()), "credential_source." + field, url),
          GOOGLE.allowingAws(),
          "credential_source."
              + field
              + " is not a URL of the AWS metadata server, http://169.254.169.254. Correct it.");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        EVIL,
        "https://sts.{region}.amazonaws.com.evil.example?Action=GetCallerIdentity&Version=2011-06-15",
        "https://sts.amazonaws.com?Action=AssumeRole&hidden",
        "http://sts.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15"
      })
  void allowingAws_anotherRequestToSign_refused(String url) {
    assertRefused(
        with(externalAccount(awsSource()), "credential_source.regional_cred_verification_url", url),
        GOOGLE.allowingAws(),
        "credential_source.regional_cred_verification_url is not the URL of AWS GetCallerIdentity,"
            + " https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15."
            + " Correct it.");
  }

  @Test
  void aws_unknownEnvironment_refused() {
    assertRefused(
        with(externalAccount(awsSource()), "credential_source.environment_id", "hidden"),
        GOOGLE.allowingAws(),
        "credential_source.environment_id is not an AWS environment. Correct it.");
  }

  @Test
  void aws_withAFileBeside_refused() {
    assertThatThrownBy(
            () ->
                check(
                    with(externalAccount(awsSource()), "credential_source.file", "/etc/hidden"),
                    GOOGLE.allowingAws()))
        .hasMessage(
            REFUSED
                + "credential_source has a field that is not one of environment_id,"
                + " imdsv2_session_token_url, region_url, regional_cred_verification_url, url."
                + " Remove that field.");
  }

  @Test
  void azure_notAllowedByName_refused() {
    assertRefused(
        externalAccount(azureSource()),
        GOOGLE.allowingHost("169.254.169.254"),
        "credential_source.url uses an Azure identity of this machine that the policy does not"
            + " allow. To allow it, call CredentialConfigPolicy.allowingAzure.");
  }

  @Test
  void allowingAzure_itsOwnEndpointAlone_isAllowed() {
    assertAllowed(externalAccount(azureSource()), GOOGLE.allowingAzure());
    assertThatThrownBy(
            () ->
                check(
                    with(
                        externalAccount(azureSource()),
                        "credential_source.url",
                        "http://169.254.169.254/latest/hidden"),
                    GOOGLE.allowingAzure()))
        .hasMessageContaining("credential_source.url does not use https");
  }

  @ParameterizedTest
  @CsvSource({
    "http://169.254.129.4:8081/msi/token?api-version=2019-08-01&resource=api://hidden, true",
    "http://169.254.130.2:8081/msi/token/?resource=hidden, true",
    "http://169.254.255.2/msi/token, true",
    "http://169.254.169.254/msi/token?resource=hidden, false",
    "http://169.254.169.254:8081/msi/token, false",
    "http://169.255.129.4:8081/msi/token, false",
    "http://169.254.300.1/msi/token, false",
    "http://169.254.1.256/msi/token, false",
    "http://169.254.129.04/msi/token, false",
    "http://169.254.129.4:99999/msi/token, false",
    "http://169.254.129.4:0/msi/token, false",
    "http://169.254.129.4.evil.example/msi/token, false",
    "http://169.254.129.4@evil.example/msi/token, false",
    "http://169.254.129.4:8081/latest/meta-data, false",
    "http://169.254.129.4:8081/msi/token/../hidden, false",
    "http://169.254.129.4:8081/msi/tokens, false"
  })
  void allowingAzureAppService_itsIdentityEndpointAlone_isAllowed(String url, boolean allowed) {
    JsonObject configuration = with(externalAccount(azureSource()), "credential_source.url", url);
    JsonObject secret = object("X-IDENTITY-HEADER", "hidden");
    configuration = with(configuration, "credential_source.headers", secret);
    if (allowed) {
      assertAllowed(configuration, GOOGLE.allowingAzureAppService());
      assertRefused(
          configuration,
          GOOGLE.allowingAzure(),
          "credential_source.url uses the Azure identity of this app that the policy does not"
              + " allow. To allow it, call CredentialConfigPolicy.allowingAzureAppService.");
    } else {
      JsonObject refused = configuration;
      assertThatThrownBy(() -> check(refused, GOOGLE.allowingAzureAppService()))
          .hasMessageContaining(REFUSED + "credential_source.url ")
          .satisfies(CredentialConfigPolicyTest::hidesTheContent);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host", "host", "X Y", "X:", ""})
  void headers_thatMayChangeTheHost_refused(String name) {
    assertRefused(
        with(externalAccount(urlSource()), "credential_source.headers", object(name, "hidden")),
        IDP,
        "credential_source.headers has a header that a configuration may not set. Remove it.");
  }

  @Test
  void headers_withLineBreak_refused() {
    assertRefused(
        with(
            externalAccount(urlSource()),
            "credential_source.headers",
            object("Metadata", "hidden\r\nHost: evil.example")),
        IDP,
        "a value of credential_source.headers is not a single line of text. Correct it.");
  }

  static Stream<Arguments> unknownFields() {
    return Stream.of(
        Arguments.of(serviceAccount(), "new_url"),
        Arguments.of(authorizedUser(), "private_key"),
        Arguments.of(federatedUser(), "credential_source"),
        Arguments.of(externalAccount(urlSource()), "token_uri"),
        Arguments.of(externalAccount(urlSource()), "credential_source.new_url"),
        Arguments.of(externalAccount(urlSource()), "credential_source.format.url"),
        Arguments.of(externalAccount(urlSource()), "service_account_impersonation.url"),
        Arguments.of(impersonated(authorizedUser()), "credential_source"),
        Arguments.of(impersonated(authorizedUser()), "source_credentials.token_url"));
  }

  @ParameterizedTest
  @MethodSource("unknownFields")
  void field_unknown_refused(JsonObject configuration, String path) {
    int dot = path.lastIndexOf('.');
    String object = dot < 0 ? "it" : path.substring(0, dot);

    assertThatThrownBy(() -> check(with(configuration, path, EVIL), IDP))
        .hasMessageStartingWith(REFUSED + object + " has a field that is not one of ")
        .satisfies(CredentialConfigPolicyTest::hidesTheContent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hidden", "hidden value", "https://hidden.example", "a.hidden", ""})
  void field_unknown_isNotNamed(String name) {
    assertRefused(
        keyWith(name),
        GOOGLE,
        "it has a field that is not one of auth_provider_x509_cert_url, auth_uri, client_email,"
            + " client_id, client_x509_cert_url, private_key, private_key_id, project_id,"
            + " quota_project_id, token_uri, type, universe_domain. Remove that field.");
  }

  static Stream<Arguments> wrongTypes() {
    JsonObject hidden = object("hidden", "hidden");
    return Stream.of(
        Arguments.of(serviceAccount(), "type", hidden, "is not a single line of text"),
        Arguments.of(serviceAccount(), "token_uri", hidden, "is not a single line of text"),
        Arguments.of(serviceAccount(), "private_key", hidden, "is not a string"),
        Arguments.of(
            serviceAccount(), "project_id", text("a\nhidden"), "is not a single line of text"),
        Arguments.of(
            serviceAccount(), "client_id", new JsonPrimitive(1), "is not a single line of text"),
        Arguments.of(
            impersonated(authorizedUser()),
            "delegates",
            text("hidden"),
            "is not a list of strings"),
        Arguments.of(
            impersonated(authorizedUser()), "scopes", text("hidden"), "is not a list of strings"),
        Arguments.of(
            impersonated(authorizedUser()),
            "source_credentials",
            text("hidden"),
            "is not an object"),
        Arguments.of(
            externalAccount(urlSource()), "credential_source", text("hidden"), "is not an object"),
        Arguments.of(
            externalAccount(urlSource()),
            "service_account_impersonation.token_lifetime_seconds",
            text("hidden"),
            "is not a whole number"),
        Arguments.of(
            externalAccount(urlSource()),
            "service_account_impersonation.token_lifetime_seconds",
            new JsonPrimitive(1.5),
            "is not a whole number"),
        Arguments.of(
            externalAccount(machineCertificateSource()),
            "credential_source.certificate.use_default_certificate_config",
            text("true"),
            "is neither true nor false"));
  }

  @ParameterizedTest
  @MethodSource("wrongTypes")
  void field_ofAnotherType_refused(
      JsonObject configuration, String path, JsonElement value, String wrong) {
    assertRefused(with(configuration, path, value), IDP, path + " " + wrong + ". Correct it.");
  }

  @Test
  void texts_withAnotherType_refused() {
    assertRefused(
        with(impersonated(authorizedUser()), "delegates", hiddenList()),
        GOOGLE,
        "an element of delegates is not a single line of text. Correct it.");
  }

  private static JsonArray hiddenList() {
    JsonArray list = new JsonArray();
    list.add(object("hidden", "hidden"));
    return list;
  }

  @Test
  void toString_fileWithHiddenCharacters_showsEscapes() {
    assertThat(CredentialConfigPolicy.googleOnly().allowingFile(Path.of("/a\u202Eb\nc")).toString())
        .endsWith("allowed=[FILE[/a\\u202eb c]]]");
  }

  @Test
  void toString_showsWhatIsAllowedWithoutTheCommand() {
    assertThat(
            GOOGLE
                .onlyTypes(CredentialConfigType.EXTERNAL_ACCOUNT)
                .allowingHost("idp.example")
                .allowingFile(Path.of("token"))
                .allowingCommand("/opt/idp --password=hidden")
                .allowingAzure())
        .hasToString(
            "CredentialConfigPolicy[universe=googleapis.com, types=[EXTERNAL_ACCOUNT],"
                + " allowed=[HOST[idp.example], FILE[token], COMMAND["
                + Secrets.fingerprint("/opt/idp --password=hidden")
                + "], AZURE[]]]");
  }

  private static JsonElement text(String text) {
    return new JsonPrimitive(text);
  }

  private static JsonObject keyWith(String name) {
    JsonObject key = object("type", "service_account");
    key.addProperty(name, "hidden");
    return key;
  }

  private static CredentialConfigType check(
      JsonObject configuration, CredentialConfigPolicy policy) {
    return CredentialConfigSchema.check(new ConfigField("", configuration, policy), policy.types());
  }

  private static void assertAllowed(JsonObject configuration, CredentialConfigPolicy policy) {
    assertThat(check(configuration, policy)).isNotNull();
  }

  private static void assertRefused(
      JsonObject configuration, CredentialConfigPolicy policy, String message) {
    assertThatThrownBy(() -> check(configuration, policy))
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessage(REFUSED + message)
        .hasNoCause()
        .satisfies(CredentialConfigPolicyTest::hidesTheContent);
  }

  private static void hidesTheContent(Throwable failure) {
    assertThat(Throwables.getStackTraceAsString(failure))
        .doesNotContain("hidden", "evil.example", "idp.example");
  }
}
