package io.github.shortlived;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdentityPoolCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.common.io.BaseEncoding;
import io.github.shortlived.LoopbackNetwork.Service;
import io.github.shortlived.account.ServiceAccounts;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks each row of the table "Who pays for which call" over both transports. */
class QuotaProjectTest {
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");
  private static final ServiceAccount ACTED_AS =
      ServiceAccount.of("acted-as@p.iam.gserviceaccount.com");
  private static final String ID_TOKEN =
      Stream.of("{\"alg\":\"RS256\"}", "{\"exp\":4102444800}", "signature")
          .map(part -> BaseEncoding.base64Url().omitPadding().encode(part.getBytes(UTF_8)))
          .reduce((left, right) -> left + "." + right)
          .orElseThrow();
  private static final String ANY_RESPONSE =
      """
      {"accessToken": "issued", "expireTime": "2100-01-01T00:00:00Z", "token": "%s",
       "signedBlob": "AAAA", "signedJwt": "a.b.c", "keyId": "1"}"""
          .formatted(ID_TOKEN);

  private static final String IMPERSONATION_URL =
      """
      "service_account_impersonation_url":
        "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/%s:generateAccessToken","""
          .formatted(ACTED_AS.id());

  private static final Map<String, Consumer<ShortLivedCredentials>> OF_TARGET =
      Map.of(
          "accessToken", c -> c.accessToken(TARGET, CLOUD_PLATFORM),
          "idToken", c -> c.idToken(TARGET, "https://a.example"),
          "signBlob", c -> c.signBlob(TARGET, new byte[1]),
          "signJwt", c -> c.signJwt(TARGET, JwtClaims.expiringIn(Duration.ofMinutes(5))));
  private static final Map<String, Consumer<ShortLivedCredentials>> OF_SELF =
      Map.of(
          "idToken", c -> c.idToken(Target.self(), "https://a.example"),
          "signBlob", c -> c.signBlob(Target.self(), new byte[1]),
          "signJwt", c -> c.signJwt(Target.self(), JwtClaims.expiringIn(Duration.ofMinutes(5))));

  private final LoopbackNetwork network = new LoopbackNetwork();
  // What google-auth itself calls: token endpoints, and IAM to impersonate an account.
  private final FakeHttp googleAuth = new FakeHttp();

  @AfterEach
  void close() throws IOException {
    network.close();
  }

  /** The outer project, the inner one, and what calls for others and for the source itself send. */
  static Stream<Arguments> impersonating() {
    return Stream.of(
            new @Nullable String[] {"outer", "inner", "outer", "outer"},
            new @Nullable String[] {"outer", null, "outer", "outer"},
            new @Nullable String[] {null, "inner", null, "inner"},
            new @Nullable String[] {null, null, null, null})
        .flatMap(
            row -> Stream.of(Arguments.of((Object) row, false), Arguments.of((Object) row, true)));
  }

  @ParameterizedTest
  @MethodSource("impersonating")
  void impersonatingSource_callsForOthers_chargeItsOwnProject(@Nullable String[] row, boolean grpc)
      throws Exception {
    for (Consumer<ShortLivedCredentials> call : OF_TARGET.values()) {
      googleAuth
          .respond(200, IamJson.oauthToken("inner"))
          .respond(200, IamJson.accessToken("acted-as"));
      assertThat(sent(impersonating(row[0], row[1]), grpc, call)).isEqualTo(optional(row[2]));
    }
  }

  @ParameterizedTest
  @MethodSource("impersonating")
  void impersonatingSource_ownIdTokensAndSignatures_chargeItsProjectOrTheInnerOne(
      @Nullable String[] row, boolean grpc) throws Exception {
    for (Consumer<ShortLivedCredentials> call : OF_SELF.values()) {
      googleAuth.respond(200, IamJson.oauthToken("inner"));
      assertThat(sent(impersonating(row[0], row[1]), grpc, call)).isEqualTo(optional(row[3]));
    }
  }

  @ParameterizedTest
  @MethodSource("impersonating")
  void impersonatingSource_policies_chargeItsOwnProject(@Nullable String[] row, boolean grpc)
      throws Exception {
    googleAuth
        .respond(200, IamJson.oauthToken("inner"))
        .respond(200, IamJson.accessToken("acted-as"));
    // IAM's policies have no HTTP/JSON client.
    assertThat(sent(impersonating(row[0], row[1]), true, QuotaProjectTest::plan))
        .isEqualTo(optional(row[2]));
  }

  /**
   * google-auth impersonates the account itself, with the token and project of the inner source.
   */
  @ParameterizedTest
  @MethodSource("impersonating")
  void impersonatingSource_itsOwnAccessToken_chargesTheInnerProject(
      @Nullable String[] row, boolean grpc) throws Exception {
    googleAuth
        .respond(200, IamJson.oauthToken("inner"))
        .respond(200, IamJson.accessToken("acted-as"));
    sent(
        impersonating(row[0], row[1]),
        grpc,
        c -> assertThat(c.accessToken(Target.self(), CLOUD_PLATFORM).token()).isNotEmpty());

    assertThat(ofGoogleAuth()).containsExactly(Optional.empty(), optional(row[1]));
  }

  @ParameterizedTest
  @MethodSource("impersonating")
  void impersonatingSource_keyThatFetchedAToken_staysCharged(@Nullable String[] row, boolean grpc)
      throws Exception {
    googleAuth.respond(200, IamJson.oauthToken("inner"));
    GoogleCredentials inner =
        TestKeys.source(googleAuth).createWithQuotaProject(row[1]).createScoped(CLOUD_PLATFORM);
    inner.refresh();
    if (row[1] != null) {
      googleAuth.respond(200, IamJson.oauthToken("inner")); // Its copy has a token of its own.
    }
    googleAuth.respond(200, IamJson.accessToken("acted-as"));
    sent(actingAs(inner, row[0]), grpc, named(OF_TARGET, "signBlob"));

    assertThat(
            googleAuth.requests().stream()
                .filter(request -> request.url().contains("generateAccessToken"))
                .map(FakeHttp.Request::quotaProject))
        .containsExactly(optional(row[1]));
  }

  @ParameterizedTest
  @MethodSource("impersonating")
  void impersonatingSource_inAnotherThatFetchedAToken_staysCharged(
      @Nullable String[] row, boolean grpc) throws Exception {
    googleAuth.respond(200, IamJson.oauthToken("key")).respond(200, IamJson.accessToken("middle"));
    GoogleCredentials middle = actingAs(TestKeys.source(googleAuth), row[1]);
    middle.refresh();
    if (row[1] != null) {
      googleAuth.respond(200, IamJson.accessToken("middle")); // Its copy has a token of its own.
    }
    googleAuth.respond(200, IamJson.accessToken("acted-as"));
    sent(actingAs(middle, row[0]), grpc, named(OF_TARGET, "signBlob"));

    List<FakeHttp.Request> impersonations =
        googleAuth.requests().stream()
            .filter(request -> request.url().contains("generateAccessToken"))
            .toList();
    assertThat(impersonations.get(impersonations.size() - 1).quotaProject())
        .isEqualTo(optional(row[1]));
  }

  static Stream<Arguments> sources() {
    return Stream.of("quota", null)
        .flatMap(project -> Stream.of(Arguments.of(project, false), Arguments.of(project, true)));
  }

  @ParameterizedTest
  @MethodSource("sources")
  void key_callsForOthers_chargeItsProject(@Nullable String project, boolean grpc)
      throws Exception {
    for (Consumer<ShortLivedCredentials> call : OF_TARGET.values()) {
      googleAuth.respond(200, IamJson.oauthToken("source"));
      assertThat(sent(key(project), grpc, call)).isEqualTo(optional(project));
    }
    googleAuth.respond(200, IamJson.oauthToken("source"));
    assertThat(sent(key(project), true, QuotaProjectTest::plan)).isEqualTo(optional(project));
    googleAuth.respond(200, IamJson.oauthToken("source"));
    assertThat(sent(key(project), true, QuotaProjectTest::accounts)).isEqualTo(optional(project));
    assertThat(ofGoogleAuth()).containsOnly(Optional.empty());
  }

  /** A token endpoint knows no quota project. */
  @Test
  void key_ownTokensAndSignatures_chargeNone() throws Exception {
    googleAuth
        .respond(200, IamJson.oauthToken("source"))
        .respond(200, "{\"id_token\": \"" + ID_TOKEN + "\"}");
    Service service = network.http(ANY_RESPONSE);
    try (ShortLivedCredentials credentials = builder(service.port(), key("quota")).build()) {
      credentials.accessToken(Target.self(), CLOUD_PLATFORM);
      named(OF_SELF, "idToken").accept(credentials);
      named(OF_SELF, "signBlob").accept(credentials);
      named(OF_SELF, "signJwt").accept(credentials);
    }

    assertThat(ofGoogleAuth()).containsExactly(Optional.empty(), Optional.empty());
    assertThat(service.received()).isEmpty();
  }

  static Stream<Arguments> federatedSources() {
    return Stream.of("file", "url", "supplier")
        .flatMap(
            kind ->
                Stream.of(true, false)
                    .flatMap(
                        impersonates ->
                            sources()
                                .map(
                                    row ->
                                        Arguments.of(
                                            kind, impersonates, row.get()[0], row.get()[1]))));
  }

  @ParameterizedTest
  @MethodSource("federatedSources")
  void federatedSource_allCalls_chargeItsProject(
      String kind,
      boolean impersonates,
      @Nullable String project,
      boolean grpc,
      @TempDir Path folder)
      throws Exception {
    List<Consumer<ShortLivedCredentials>> calls = new ArrayList<>(OF_TARGET.values());
    if (impersonates) {
      calls.addAll(OF_SELF.values());
    }
    for (Consumer<ShortLivedCredentials> call : calls) {
      respondToFederated(kind, impersonates);
      assertThat(sent(federated(kind, impersonates, project, folder), grpc, call))
          .isEqualTo(optional(project));
    }
    // google-auth sends it with the token of the federated identity too, but not to the STS.
    for (FakeHttp.Request request : googleAuth.requests()) {
      boolean generates = request.url().contains("generateAccessToken");
      assertThat(request.quotaProject()).isEqualTo(optional(generates ? project : null));
    }
  }

  private void respondToFederated(String kind, boolean impersonates) {
    if (kind.equals("url")) {
      googleAuth.respond(200, "subject");
    }
    googleAuth.respond(
        200,
        """
        {"access_token": "federated", "expires_in": 3600, "token_type": "Bearer",
         "issued_token_type": "urn:ietf:params:oauth:token-type:access_token"}""");
    if (impersonates) {
      googleAuth.respond(200, IamJson.accessToken("acted-as"));
    }
  }

  private static Consumer<ShortLivedCredentials> named(
      Map<String, Consumer<ShortLivedCredentials>> calls, String name) {
    return Objects.requireNonNull(calls.get(name));
  }

  private static void plan(ShortLivedCredentials credentials) {
    try (Grants grants = Grants.using(credentials)) {
      grants.plan(CrossAccountGrant.tokenCreator(ACTED_AS).on(TARGET));
    }
  }

  private static void accounts(ShortLivedCredentials credentials) {
    try (ServiceAccounts accounts = ServiceAccounts.using(credentials)) {
      accounts.disable(TARGET);
    }
  }

  private List<Optional<String>> ofGoogleAuth() {
    return googleAuth.requests().stream().map(FakeHttp.Request::quotaProject).toList();
  }

  private GoogleCredentials key(@Nullable String project) {
    GoogleCredentials key = TestKeys.source(googleAuth);
    return project == null ? key : key.createWithQuotaProject(project);
  }

  private GoogleCredentials impersonating(@Nullable String outer, @Nullable String inner) {
    return actingAs(key(inner), outer);
  }

  private GoogleCredentials actingAs(GoogleCredentials inner, @Nullable String project) {
    return ImpersonatedCredentials.newBuilder()
        .setSourceCredentials(inner)
        .setTargetPrincipal(ACTED_AS.id())
        .setScopes(List.of(CLOUD_PLATFORM))
        .setQuotaProjectId(project)
        .setHttpTransportFactory(googleAuth)
        .build();
  }

  @SuppressWarnings("NullAway") // Null removes the other source of tokens.
  private GoogleCredentials federated(
      String kind, boolean impersonates, @Nullable String project, Path folder) throws IOException {
    Path token = Files.writeString(folder.resolve("token"), "subject");
    String json =
        """
        {"type": "external_account", "audience": "//iam.googleapis.com/pool", %s %s
         "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
         "token_url": "https://sts.googleapis.com/v1/token",
         "credential_source": %s}"""
            .formatted(
                project == null ? "" : "\"quota_project_id\": \"" + project + "\",",
                impersonates ? IMPERSONATION_URL : "",
                kind.equals("url")
                    ? "{\"url\": \"https://ci.example/token\"}"
                    : "{\"file\": \"" + token + "\"}");
    GoogleCredentials loaded =
        IdentityPoolCredentials.fromStream(
            new ByteArrayInputStream(json.getBytes(UTF_8)), googleAuth);
    return kind.equals("supplier")
        ? ((IdentityPoolCredentials) loaded)
            .toBuilder()
                .setCredentialSource(null)
                .setSubjectTokenSupplier(context -> "subject")
                .build()
        : loaded;
  }

  /** Makes the call and returns the quota project that the service receives, if it is called. */
  private Optional<String> sent(
      GoogleCredentials source, boolean grpc, Consumer<ShortLivedCredentials> call)
      throws Exception {
    return grpc ? overGrpc(source, call) : overHttpJson(source, call);
  }

  private Optional<String> overHttpJson(
      GoogleCredentials source, Consumer<ShortLivedCredentials> call) throws IOException {
    Service service = network.http(ANY_RESPONSE);
    try (ShortLivedCredentials credentials = builder(service.port(), source).build()) {
      call.accept(credentials);
    }
    return service.received().stream()
        .map(request -> Optional.ofNullable(request.headers().getFirst("X-Goog-User-Project")))
        .findFirst()
        .orElse(Optional.empty());
  }

  private static Optional<String> overGrpc(
      GoogleCredentials source, Consumer<ShortLivedCredentials> call) throws IOException {
    try (GrpcRecorder recorder = GrpcRecorder.start();
        ShortLivedCredentials credentials = builder(recorder.port(), source).grpc().build()) {
      try {
        call.accept(credentials);
      } catch (CredentialException e) {
        // The recorder refuses every call.
      }
      return recorder.calls().stream()
          .map(received -> Optional.ofNullable(received.header("x-goog-user-project")))
          .findFirst()
          .orElse(Optional.empty());
    }
  }

  private static ShortLivedCredentials.Builder builder(int port, GoogleCredentials source) {
    URI endpoint = URI.create("http://127.0.0.1:" + port);
    return ShortLivedCredentials.builder()
        .source(source)
        .retryPolicy(RetryPolicy.none())
        .endpoints(Endpoints.of(endpoint, endpoint));
  }

  private static Optional<String> optional(@Nullable String project) {
    return Optional.ofNullable(project);
  }
}
