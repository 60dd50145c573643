package io.github.shortlived;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.UserCredentials;
import com.google.gson.JsonParser;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignedBlob;
import io.github.shortlived.model.SignedJwt;
import io.github.shortlived.model.Target;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the facade with scripted HTTP responses. Other tests use the emulator. */
class ShortLivedCredentialsTest {
  private static final ServiceAccount CALLER = TestKeys.CALLER;
  private static final ServiceAccount DELEGATE =
      ServiceAccount.of("delegate@p.iam.gserviceaccount.com");
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");
  private static final DelegationChain CHAIN = DelegationChain.through(DELEGATE).to(TARGET);
  private static final String BASE =
      "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/";

  private final FakeHttp http = new FakeHttp();
  private final FakeHttp oauth = new FakeHttp().respond(200, IamJson.oauthToken("source-token"));

  @Test
  void accessToken_target_isTheTokenOfTheResponse() {
    http.respond(200, IamJson.accessToken("issued"));
    try (ShortLivedCredentials credentials = credentials()) {
      assertThat(credentials.accessToken(TARGET, CLOUD_PLATFORM))
          .isEqualTo(new AccessToken("issued", Instant.parse("2100-01-01T00:00:00Z")));
    }
  }

  @Test
  void accessToken_expiryWithFraction_hasItsMilliseconds() {
    http.respond(
        200, "{\"accessToken\": \"issued\", \"expireTime\": \"2100-01-01T00:00:00.123456789Z\"}");
    try (ShortLivedCredentials credentials = credentials()) {
      assertThat(credentials.accessToken(TARGET, CLOUD_PLATFORM).expireTime())
          .isEqualTo(Instant.parse("2100-01-01T00:00:00.123Z"));
    }
  }

  @Test
  void accessToken_chain_sendsDelegatesScopesAndLifetime() {
    http.respond(200, IamJson.accessToken("issued"));
    AccessTokenRequest request =
        AccessTokenRequest.of(CHAIN, CLOUD_PLATFORM).lifetime(Duration.ofMinutes(5));
    try (ShortLivedCredentials credentials = credentials()) {
      credentials.issue(request);
    }

    FakeHttp.Request sent = http.requests().get(0);
    assertThat(sent.url())
        .startsWith(BASE + "target@p.iam.gserviceaccount.com:generateAccessToken");
    assertThat(sent.authorization()).contains("Bearer source-token");
    assertThat(JsonParser.parseString(sent.body()))
        .isEqualTo(
            JsonParser.parseString(
                """
                {"delegates": ["projects/-/serviceAccounts/delegate@p.iam.gserviceaccount.com"],
                 "scope": ["https://www.googleapis.com/auth/cloud-platform"],
                 "lifetime": "300s"}\
                """));
  }

  @Test
  void accessToken_manyTargets_fetchesOneSourceToken() {
    try (ShortLivedCredentials credentials = credentials()) {
      for (int i = 0; i < 5; i++) {
        http.respond(200, IamJson.accessToken("issued"));
        ServiceAccount target = ServiceAccount.of("target" + i + "@p.iam.gserviceaccount.com");
        credentials.accessToken(target, CLOUD_PLATFORM);
      }
    }

    assertThat(oauth.requests()).hasSize(1);
  }

  @Test
  void accessToken_transientFaults_areRetried() {
    http.respond(503, IamJson.error(503, "UNAVAILABLE", "Later."))
        .fault(new ConnectException("Refused"))
        .respond(502, "text/html", "<html>proxy</html>")
        .respond(200, IamJson.accessToken("issued"));
    try (ShortLivedCredentials credentials = credentials()) {
      assertThat(credentials.accessToken(TARGET, CLOUD_PLATFORM).token()).isEqualTo("issued");
    }
  }

  @Test
  void accessToken_responseWithoutToken_isUnavailable() {
    http.respond(200, "{}");
    try (ShortLivedCredentials credentials = credentials()) {
      assertThatThrownBy(() -> credentials.accessToken(TARGET, CLOUD_PLATFORM))
          .asInstanceOf(type(CredentialException.Unavailable.class))
          .satisfies(ShortLivedCredentialsTest::assertOneResponseOfIam)
          .extracting(Throwable::getMessage)
          .asString()
          .matches(
              "generateAccessToken for target@p\\.iam\\.gserviceaccount\\.com failed: The response"
                  + " is incomplete\\. \\(UNKNOWN\\) Given up after 1 attempt in [0-9.]+ s\\."
                  + " See https://shortlived\\.github\\.io/short-lived-credentials/troubleshooting\\.html#unexpected-failure\\.");
    }
  }

  private static void assertOneResponseOfIam(CredentialException failure) {
    assertThat(failure.service()).contains("iamcredentials.googleapis.com");
    assertThat(failure.method()).contains("generateAccessToken");
    assertThat(failure.attempts()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hidden", "e30.e30.AA"})
  void idToken_malformedToken_isUnavailable(String token) {
    http.respond(200, "{\"token\": \"%s\"}".formatted(token));
    try (ShortLivedCredentials credentials = credentials()) {
      assertThatThrownBy(() -> credentials.idToken(TARGET, "orders"))
          .isInstanceOf(CredentialException.Unavailable.class)
          .hasMessageStartingWith(
              "generateIdToken for target@p.iam.gserviceaccount.com failed: The response is incomplete."
                  + " (UNKNOWN)")
          .hasMessageNotContaining(token);
    }
  }

  @Test
  void signBlob_responseWithoutSignature_isUnavailable() {
    http.respond(200, "{\"keyId\": \"key\"}");
    try (ShortLivedCredentials credentials = credentials()) {
      assertThatThrownBy(() -> credentials.signBlob(TARGET, new byte[] {1}))
          .isInstanceOf(CredentialException.Unavailable.class)
          .hasMessageContaining(" failed: The response is incomplete");
    }
  }

  @Test
  void accessToken_htmlPageFromTheSource_isUnavailable() {
    FakeHttp portal = new FakeHttp().respond(200, "<html>Log in</html>");
    try (ShortLivedCredentials credentials =
        builder(TestKeys.source(portal)).retryPolicy(RetryPolicy.none()).build()) {
      assertThatThrownBy(() -> credentials.accessToken(TARGET, CLOUD_PLATFORM))
          .isInstanceOf(CredentialException.Unavailable.class)
          .hasMessageMatching(
              "generateAccessToken for target@p\\.iam\\.gserviceaccount\\.com failed because the "
                  + "source credentials returned no token: The response is not JSON\\. "
                  + "\\(UNAVAILABLE\\) Given up after 1 attempt in [0-9.]+ s\\. A retry"
                  + " may succeed\\. See https://shortlived\\.github\\.io/short-lived-credentials/troubleshooting\\.html#service-unavailable\\.");
    }
  }

  @Test
  void build_unknownUniverseOfTheSource_refused() {
    ComputeEngineCredentials machine =
        ComputeEngineCredentials.newBuilder()
            .setHttpTransportFactory(
                new FakeHttp().fault(new NoRouteToHostException("No metadata server")))
            .build();
    ShortLivedCredentials.Builder builder = builder(machine).retryPolicy(RetryPolicy.none());

    assertThatThrownBy(builder::build)
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessage(
            "The universe domain of the source credentials is unknown. Check that the metadata"
                + " server can be reached.");
  }

  @Test
  void build_portalPageFromTheMetadataServer_refusedAndNotQuoted() {
    FakeHttp portal = new FakeHttp().respond(200, "text/html", "<html>Log in</html>");
    ComputeEngineCredentials machine =
        ComputeEngineCredentials.newBuilder().setHttpTransportFactory(portal).build();
    assertThatThrownBy(builder(machine)::build)
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessage(
            "The universe domain of the source credentials is unknown. The response of the metadata server is not a domain name: check which server responds.");
  }

  @Test
  @SuppressWarnings("NullAway") // Some callers have no null checks.
  void accessToken_null_throwsNullPointerException() {
    try (ShortLivedCredentials credentials = credentials()) {
      assertThatThrownBy(() -> credentials.accessToken(null, CLOUD_PLATFORM))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("target");
    }
    assertThatThrownBy(() -> ShortLivedCredentials.builder().source(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("credentials");
    assertThat(http.requests()).isEmpty();
  }

  @Test
  void accessToken_withoutRetries_failsAtOnce() {
    http.respond(503, IamJson.error(503, "UNAVAILABLE", "Later."));
    try (ShortLivedCredentials credentials =
        builder(TestKeys.source(oauth)).retryPolicy(RetryPolicy.none()).build()) {
      assertThatThrownBy(() -> credentials.accessToken(TARGET, CLOUD_PLATFORM))
          .isInstanceOf(CredentialException.Unavailable.class)
          .hasMessageMatching(
              "generateAccessToken for target@p\\.iam\\.gserviceaccount\\.com failed: Later\\."
                  + " \\(UNAVAILABLE\\) Given up after 1 attempt in [0-9.]+ s\\."
                  + " A retry may succeed\\. See https://shortlived\\.github\\.io/short-lived-credentials/troubleshooting\\.html#service-unavailable\\.");
    }
  }

  @Test
  void signBlob_interruptedBeforeARetry_throwsAndKeepsTheStatus() {
    http.respond(503, IamJson.error(503, "UNAVAILABLE", "Later."));
    try (ShortLivedCredentials credentials =
        builder(TestKeys.source(oauth)).listener(e -> Thread.currentThread().interrupt()).build()) {
      assertThatThrownBy(() -> credentials.signBlob(TARGET, new byte[] {1}))
          .isInstanceOf(CredentialException.Unavailable.class)
          .hasMessageContaining(" failed: Later. (UNAVAILABLE) Interrupted after 1 attempt in ");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void accessToken_refusedOnAChain_namesEveryGrantOfThePath() {
    http.respond(403, IamJson.permissionDenied("iam.serviceAccounts.getAccessToken"));
    try (ShortLivedCredentials credentials = credentials()) {
      assertThatThrownBy(() -> credentials.accessToken(CHAIN, CLOUD_PLATFORM))
          .isInstanceOf(CredentialException.PermissionDenied.class)
          .hasMessage(
              "generateAccessToken for target@p.iam.gserviceaccount.com via"
                  + " delegate@p.iam.gserviceaccount.com refused: Permission"
                  + " 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not"
                  + " exist). (PERMISSION_DENIED, IAM_PERMISSION_DENIED)\n"
                  + "It needs each of these grants:\n"
                  + "  serviceAccount:caller@demo.iam.gserviceaccount.com needs"
                  + " iam.serviceAccounts.implicitDelegation on delegate@p.iam.gserviceaccount.com:\n"
                  + "    CrossAccountGrant.tokenCreator(Member.of(\"serviceAccount:caller@demo.iam.gserviceaccount.com\")).on(ServiceAccount.of(\"delegate@p.iam.gserviceaccount.com\"))\n"
                  + "    gcloud iam service-accounts add-iam-policy-binding"
                  + " delegate@p.iam.gserviceaccount.com \\\n"
                  + "        --member=serviceAccount:caller@demo.iam.gserviceaccount.com \\\n"
                  + "        --role=roles/iam.serviceAccountTokenCreator \\\n"
                  + "        --condition=None\n"
                  + "  serviceAccount:delegate@p.iam.gserviceaccount.com needs"
                  + " iam.serviceAccounts.getAccessToken on target@p.iam.gserviceaccount.com:\n"
                  + "    CrossAccountGrant.tokenCreator(Member.of(\"serviceAccount:delegate@p.iam.gserviceaccount.com\")).on(ServiceAccount.of(\"target@p.iam.gserviceaccount.com\"))\n"
                  + "    gcloud iam service-accounts add-iam-policy-binding"
                  + " target@p.iam.gserviceaccount.com \\\n"
                  + "        --member=serviceAccount:delegate@p.iam.gserviceaccount.com \\\n"
                  + "        --role=roles/iam.serviceAccountTokenCreator \\\n"
                  + "        --condition=None\n"
                  + "If the order of the chain is wrong, correct it: these grants are for this order.\n"
                  + "Google does not report which of them is missing:"
                  + " Diagnostics.using(credentials).diagnose(chain) finds it.\n"
                  + "Google's page:"
                  + " https://cloud.google.com/iam/docs/create-short-lived-credentials-delegated\n"
                  + "See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#permission-denied.");
    }
  }

  @Test
  void accessToken_refused_isNotRetried() {
    http.respond(403, IamJson.permissionDenied("iam.serviceAccounts.getAccessToken"));
    try (ShortLivedCredentials credentials = credentials()) {
      assertThatThrownBy(() -> credentials.accessToken(TARGET, CLOUD_PLATFORM))
          .isInstanceOf(CredentialException.PermissionDenied.class);
    }

    assertThat(http.requests()).hasSize(1);
  }

  @Test
  void accessToken_refusedOnAChainByUniqueId_leavesAGapForItsMember() {
    http.respond(403, IamJson.permissionDenied("iam.serviceAccounts.getAccessToken"));
    DelegationChain chain =
        DelegationChain.through(ServiceAccount.of("203456789012345678902")).to(TARGET);
    try (ShortLivedCredentials credentials = credentials()) {
      assertThatThrownBy(() -> credentials.accessToken(chain, CLOUD_PLATFORM))
          .hasMessageContaining(
              "add-iam-policy-binding target@p.iam.gserviceaccount.com \\\n        --member=MEMBER");
    }
  }

  @Test
  void accessToken_refusedOnAChainThroughTheCallersUniqueId_saysSo() {
    http.respond(403, IamJson.permissionDenied("iam.serviceAccounts.getAccessToken"));
    DelegationChain chain =
        DelegationChain.through(ServiceAccount.of("103456789012345678901")).to(TARGET);
    try (ShortLivedCredentials credentials = credentials()) {
      assertThatThrownBy(() -> credentials.accessToken(chain, CLOUD_PLATFORM))
          .hasMessageContaining(
              "\nThe caller is caller@demo.iam.gserviceaccount.com itself: leave it out of the"
                  + " chain.");
    }
  }

  @Test
  void accessToken_brokenSource_isASourceFailure() {
    FakeHttp broken =
        new FakeHttp()
            .respond(400, "{\"error\": \"invalid_grant\", \"error_description\": \"No.\"}");
    try (ShortLivedCredentials credentials = builder(TestKeys.source(broken)).build()) {
      assertThatThrownBy(() -> credentials.accessToken(TARGET, CLOUD_PLATFORM))
          .isInstanceOf(CredentialException.SourceCredentials.class)
          .hasMessage(
              "generateAccessToken for target@p.iam.gserviceaccount.com failed because the source "
                  + "credentials returned no token: invalid_grant: No. (INVALID_ARGUMENT,"
                  + " invalid_grant) See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#no-source-token.");
    }

    assertThat(http.requests()).isEmpty();
  }

  @Test
  void accessToken_sourceWithAnUnusualName_refusedLikeAnyOther() {
    http.respond(403, IamJson.permissionDenied("iam.serviceAccounts.getAccessToken"));
    GoogleCredentials odd =
        TestKeys.unnamed(oauth).setClientEmail("my-project.svc.id.goog").build();
    try (ShortLivedCredentials credentials = builder(odd).build()) {
      assertThatThrownBy(() -> credentials.accessToken(CHAIN, CLOUD_PLATFORM))
          .isInstanceOf(CredentialException.PermissionDenied.class)
          .hasMessageContaining(
              "add-iam-policy-binding delegate@p.iam.gserviceaccount.com \\\n        --member=MEMBER");
    }
  }

  @Test
  void accessToken_portalPage_isRetried() {
    http.respond(200, "text/html", "<html>Please log in</html>");
    http.respond(200, IamJson.accessToken("issued"));
    try (ShortLivedCredentials credentials = credentials()) {
      assertThat(credentials.accessToken(TARGET, CLOUD_PLATFORM).token()).isEqualTo("issued");
    }
  }

  @Test
  void accessToken_portalPageWithoutRetries_isUnavailable() {
    http.respond(200, "text/html", "<html>Please log in</html>");
    ShortLivedCredentials.Builder once =
        builder(TestKeys.source(oauth)).retryPolicy(RetryPolicy.none());
    try (ShortLivedCredentials credentials = once.build()) {
      assertThatThrownBy(() -> credentials.accessToken(TARGET, CLOUD_PLATFORM))
          .isInstanceOf(CredentialException.Unavailable.class)
          .hasMessageStartingWith(
              "generateAccessToken for target@p.iam.gserviceaccount.com failed: The response is not"
                  + " JSON. (UNAVAILABLE) Given up after 1 attempt in ");
    }
  }

  @Test
  void signJwt_target_sendsTheClaims() {
    http.respond(200, "{\"keyId\": \"k\", \"signedJwt\": \"signed\"}");
    Instant now = Instant.ofEpochSecond(1_000_000);
    try (ShortLivedCredentials credentials =
        builder(TestKeys.source(oauth)).clock(() -> now).build()) {
      assertThat(credentials.signJwt(TARGET, JwtClaims.expiringIn(Duration.ofHours(1))))
          .isEqualTo(new SignedJwt("signed", "k", now.plus(Duration.ofHours(1))));
    }

    assertThat(JsonParser.parseString(http.requests().get(0).body()))
        .isEqualTo(
            JsonParser.parseString(
                """
                {"payload": "{\\"iat\\":1000000,\\"exp\\":1003600}"}\
                """));
  }

  @Test
  void signBlob_target_sendsTheBytes() {
    http.respond(200, "{\"keyId\": \"k\", \"signedBlob\": \"AQID\"}");
    try (ShortLivedCredentials credentials = credentials()) {
      assertThat(credentials.signBlob(TARGET, new byte[] {4, 5, 6}))
          .isEqualTo(new SignedBlob(new byte[] {1, 2, 3}, "k"));
    }

    assertThat(http.requests().get(0).body()).isEqualTo("{\"payload\":\"BAUG\"}");
  }

  @Test
  void issue_chainThroughTheCaller_refusedBeforeTheNetwork() {
    DelegationChain chain = DelegationChain.through(DELEGATE, CALLER).to(TARGET);
    List<CredentialEvent> events = new ArrayList<>();
    try (ShortLivedCredentials credentials =
        builder(TestKeys.source(oauth)).listener(events::add).build()) {
      assertThatThrownBy(() -> credentials.accessToken(chain, CLOUD_PLATFORM))
          .isInstanceOf(CredentialException.InvalidRequest.class)
          .hasMessage(
              "Invalid delegation chain 'caller@demo.iam.gserviceaccount.com': the caller must not be among the delegates. Start the chain with the account that the caller impersonates.");
    }
    assertThat(events)
        .singleElement()
        .asInstanceOf(type(CredentialEvent.IssueFailed.class))
        .satisfies(refused -> assertThat(refused.request().target()).isEqualTo(chain))
        .satisfies(refused -> assertThat(refused.attempts()).isZero());

    assertThat(http.requests()).isEmpty();
    assertThat(oauth.requests()).isEmpty();
  }

  @Test
  void issue_closed_refused() {
    ShortLivedCredentials credentials = credentials();
    credentials.close();

    assertThatThrownBy(() -> credentials.accessToken(TARGET, CLOUD_PLATFORM))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("These ShortLivedCredentials are closed");
  }

  @Test
  void endpoints_universe_receivesTheCalls() {
    http.respond(200, IamJson.accessToken("issued"));
    GoogleCredentials ofUniverse =
        TestKeys.unnamed(oauth).setUniverseDomain("cloud.example").build();
    try (ShortLivedCredentials credentials =
        builder(ofUniverse).endpoints(Endpoints.universe("cloud.example")).build()) {
      credentials.accessToken(TARGET, CLOUD_PLATFORM);
    }

    assertThat(http.urls().get(0)).startsWith("https://iamcredentials.cloud.example/v1/");
  }

  @Test
  void googleCredentials_calledTwice_issueOneToken() throws Exception {
    http.respond(200, IamJson.accessToken("issued"));
    try (ShortLivedCredentials credentials = credentials()) {
      GoogleCredentials google = credentials.googleCredentials(TARGET, CLOUD_PLATFORM);
      google.getRequestMetadata();

      assertThat(google.getRequestMetadata().get("Authorization")).containsExactly("Bearer issued");
      assertThat(http.requests()).hasSize(1);
    }
  }

  @Test
  void googleCredentials_refused_throwIoExceptionWithTheRemedy() {
    http.respond(403, IamJson.permissionDenied("iam.serviceAccounts.getAccessToken"));
    try (ShortLivedCredentials credentials = credentials()) {
      GoogleCredentials google = credentials.googleCredentials(TARGET, CLOUD_PLATFORM);

      assertThatThrownBy(google::refresh)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(
              "It needs this grant:\n  serviceAccount:caller@demo.iam.gserviceaccount.com needs")
          .hasCauseInstanceOf(CredentialException.PermissionDenied.class);
    }
  }

  @Test
  void googleCredentials_noScope_refused() {
    try (ShortLivedCredentials credentials = credentials()) {
      assertThatThrownBy(() -> credentials.googleCredentials(TARGET))
          .isInstanceOf(CredentialException.InvalidRequest.class);
    }
  }

  @Test
  void googleCredentials_serialized_refused() throws Exception {
    try (ShortLivedCredentials credentials = credentials();
        ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
      GoogleCredentials google = credentials.googleCredentials(TARGET, CLOUD_PLATFORM);

      assertThatThrownBy(() -> out.writeObject(google))
          .isInstanceOf(NotSerializableException.class);
    }
  }

  @Test
  void callerMember_key_isItsAccount() {
    try (ShortLivedCredentials credentials = credentials()) {
      assertThat(credentials.callerMember()).contains(Member.of(CALLER));
    }
  }

  @Test
  void callerMember_userWithOpenid_isTheUser() {
    FakeHttp login =
        new FakeHttp().respond(200, userResponse("\"id_token\": \"" + idTokenOfUser() + "\","));
    try (ShortLivedCredentials credentials = builder(user(login)).build()) {
      assertThat(credentials.callerMember()).contains(Member.of("user:me@example.com"));
    }
  }

  @Test
  void callerMember_userWithoutOpenid_empty() {
    FakeHttp login = new FakeHttp().respond(200, userResponse(""));
    try (ShortLivedCredentials credentials = builder(user(login)).build()) {
      assertThat(credentials.callerMember()).isEqualTo(Optional.empty());
    }
  }

  @Test
  void callerMember_userWithoutRefreshToken_empty() {
    UserCredentials user =
        UserCredentials.newBuilder()
            .setClientId("client")
            .setClientSecret("secret")
            .setAccessToken(new com.google.auth.oauth2.AccessToken("token", null))
            .setHttpTransportFactory(oauth)
            .build();
    try (ShortLivedCredentials credentials = builder(user).build()) {
      assertThat(credentials.callerMember()).isEqualTo(Optional.empty());
    }
  }

  @Test
  void callerMember_revokedLogin_isASourceFailure() {
    FakeHttp login = new FakeHttp().respond(400, "{\"error\": \"invalid_grant\"}");
    try (ShortLivedCredentials credentials = builder(user(login)).build()) {
      assertThatThrownBy(credentials::callerMember)
          .isInstanceOf(CredentialException.SourceCredentials.class)
          .hasMessage(
              "Identifying the caller failed because the source credentials returned no token: "
                  + "invalid_grant."
                  + " (INVALID_ARGUMENT, invalid_grant) See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#no-source-token.");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2030-01-01T11:53:00Z, 7 minutes behind the server's clock: correct it.",
    "2030-01-01T14:00:00Z, 2 hours ahead of the server's clock: correct it."
  })
  void accessToken_wrongClock_namesTheDifference(Instant here, String words) {
    try (ShortLivedCredentials credentials =
        builder(TestKeys.source(refusingTimes())).clock(InstantSource.fixed(here)).build()) {
      assertThatThrownBy(() -> credentials.accessToken(TARGET, CLOUD_PLATFORM))
          .isInstanceOf(CredentialException.SourceCredentials.class)
          .hasMessageEndingWith(
              " This machine's clock is %s See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#clock-skew."
                  .formatted(words));
    }
  }

  @Test
  void accessToken_rightClock_isNotBlamed() {
    Instant here = Instant.parse("2030-01-01T12:00:03Z");
    try (ShortLivedCredentials credentials =
        builder(TestKeys.source(refusingTimes())).clock(InstantSource.fixed(here)).build()) {
      assertThatThrownBy(() -> credentials.accessToken(TARGET, CLOUD_PLATFORM))
          .isInstanceOf(CredentialException.SourceCredentials.class)
          .hasMessageNotContaining("This machine's clock");
    }
  }

  private static FakeHttp refusingTimes() {
    return new FakeHttp()
        .respond(
            400,
            """
            {"error": "invalid_grant", "error_description": "Invalid JWT: Token must be a short-lived \
            token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT \
            claim."}\
            """,
            "Date",
            "Tue, 01 Jan 2030 12:00:00 GMT");
  }

  @Test
  void accessToken_proxyPasswordRequired_keepsStatusAndMessage() {
    http.respond(407, "text/html; charset=UTF-8", "<h1>Log in,\n\u202e please</h1>");
    try (ShortLivedCredentials credentials = credentials()) {
      assertThatThrownBy(() -> credentials.accessToken(TARGET, CLOUD_PLATFORM))
          .isInstanceOfSatisfying(
              CredentialException.Unavailable.class, e -> assertThat(e.httpStatus()).hasValue(407))
          .hasMessageContaining("failed: HTTP 407: <h1>Log in, please</h1>. (UNKNOWN) Given up");
    }
  }

  @Test
  void accessToken_responseWithARequestId_keepsIt() {
    http.respond(404, IamJson.error(404, "NOT_FOUND", "No."), "X-Request-Id", "r-42");
    try (ShortLivedCredentials credentials = credentials()) {
      assertThatThrownBy(() -> credentials.accessToken(TARGET, CLOUD_PLATFORM))
          .isInstanceOfSatisfying(
              CredentialException.NotFound.class,
              e -> {
                assertThat(e.requestId()).contains("r-42");
                assertThat(e.service()).contains("iamcredentials.googleapis.com");
                assertThat(e.method()).contains("generateAccessToken");
              });
    }
  }

  @Test
  void callerMember_faultyLogin_isRetriedAndReported() {
    FakeHttp login =
        new FakeHttp()
            .respond(503, IamJson.error(503, "UNAVAILABLE", "Later."))
            .respond(200, userResponse("\"id_token\": \"" + idTokenOfUser() + "\","));
    List<CredentialEvent> events = new ArrayList<>();
    try (ShortLivedCredentials credentials = builder(user(login)).listener(events::add).build()) {
      assertThat(credentials.callerMember()).contains(Member.of("user:me@example.com"));
    }
    assertThat(events)
        .singleElement(type(CredentialEvent.Retried.class))
        .satisfies(
            retried -> {
              assertThat(retried.request()).isEmpty();
              assertThat(retried.attempt()).isOne();
              assertThat(retried.failure()).hasMessageStartingWith("Identifying the caller");
            });
  }

  private ShortLivedCredentials credentials() {
    return builder(TestKeys.source(oauth)).build();
  }

  private ShortLivedCredentials.Builder builder(GoogleCredentials source) {
    return ShortLivedCredentials.builder()
        .source(source)
        .httpTransportFactory(http)
        .retryPolicy(
            new RetryPolicy(
                Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofSeconds(10), true));
  }

  private static UserCredentials user(FakeHttp login) {
    return UserCredentials.newBuilder()
        .setClientId("client")
        .setClientSecret("secret")
        .setRefreshToken("refresh")
        .setHttpTransportFactory(login)
        .build();
  }

  private static String userResponse(String idToken) {
    return """
    {%s "access_token": "a", "expires_in": 3599, "token_type": "Bearer",
     "scope": "https://www.googleapis.com/auth/cloud-platform"}\
    """
        .formatted(idToken);
  }

  private static String idTokenOfUser() {
    try (ShortLivedCredentials issuer =
        ShortLivedCredentials.from(TestKeys.source(new FakeHttp()))) {
      JwtClaims claims = JwtClaims.expiringIn(Duration.ofHours(1)).claim("email", "me@example.com");
      return issuer.signJwt(Target.self(), claims).token();
    }
  }

  @Test
  void accessToken_sourceWithQuotaProject_sendsItToTheService() {
    http.respond(200, IamJson.accessToken("issued"));
    GoogleCredentials source =
        TestKeys.source(oauth).toBuilder().setQuotaProjectId("billing-project").build();
    try (ShortLivedCredentials credentials = builder(source).build()) {
      credentials.accessToken(TARGET, CLOUD_PLATFORM);
    }
    assertThat(http.requests())
        .singleElement()
        .satisfies(request -> assertThat(request.quotaProject()).contains("billing-project"));
  }
}
