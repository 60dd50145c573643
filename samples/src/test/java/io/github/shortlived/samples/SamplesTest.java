package io.github.shortlived.samples;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.rpc.Code;
import com.sun.net.httpserver.HttpServer;
import io.github.shortlived.RequestHeaders;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.account.ServiceAccounts;
import io.github.shortlived.audit.AccessAudit;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialException.VerificationFailed;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignedBlob;
import io.github.shortlived.policy.TokenPermission;
import io.github.shortlived.testing.EmulatorCall;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.WorkloadIdentityProvider;
import io.github.shortlived.verify.TokenVerification;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs each sample on the emulator. */
class SamplesTest {
  private static final String PROJECT = "my-project";
  private static final Member ME = Member.of("user:me@example.com");
  private static final String TOKEN_CREATOR = "roles/iam.serviceAccountTokenCreator";
  private static final String READ_USERS =
      "https://www.googleapis.com/auth/admin.directory.user.readonly";

  private final ServiceAccount caller = account("caller");
  private final ServiceAccount delegate = account("delegate");
  private final ServiceAccount deployer = account("deployer");
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream console = System.out;
  private IamEmulator iam;
  private ShortLivedCredentials credentials;

  private static ServiceAccount account(String name) {
    return ServiceAccount.of(name + "@" + PROJECT + ".iam.gserviceaccount.com");
  }

  @BeforeEach
  void start() {
    iam =
        IamEmulator.builder()
            .project(PROJECT)
            .serviceAccount(caller.id())
            .serviceAccount(delegate.id())
            .serviceAccount(deployer.id())
            .binding(deployer.id(), TOKEN_CREATOR, Member.of(caller).id())
            .binding(delegate.id(), TOKEN_CREATOR, Member.of(caller).id())
            .binding(deployer.id(), TOKEN_CREATOR, Member.of(delegate).id())
            .projectBinding(PROJECT, "roles/owner", "user:admin@example.com")
            .projectBinding(PROJECT, "roles/compute.viewer", Member.of(deployer).id())
            .instance(PROJECT, "us-west1-a", "vm-1")
            .workloadIdentityPool(PROJECT, "ci-pool", "ci-provider", "https://ci.example.com")
            .domainWideDelegation(deployer.id(), "user@example.com", CLOUD_PLATFORM, READ_USERS)
            .start();
    credentials = iam.credentialsFor(caller);
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void stop() {
    System.setOut(console);
    credentials.close();
    iam.close();
  }

  private String output() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void accessTokenSample_granted_showsTwoTokens() {
    AccessTokenSample.run(credentials, deployer);
    assertThat(output()).containsPattern("(?s)AccessToken\\[sha256:.*AccessToken\\[sha256:");
  }

  @Test
  void idTokenSample_granted_showsTwoTokens() {
    IdTokenSample.run(credentials, deployer);
    assertThat(output()).containsPattern("(?s)IdToken\\[sha256:.*IdToken\\[sha256:");
  }

  @Test
  void everyCredentialSample_granted_showsEachKind() {
    EveryCredentialSample.run(credentials, delegate, deployer, "user@example.com");
    assertThat(output().lines().map(line -> line.replaceFirst("\\[.*", "")))
        .containsExactly(
            "AccessToken",
            "IdToken",
            "SignedBlob",
            "SignedJwt",
            "AccessToken",
            "AccessToken",
            "AccessToken",
            "AccessToken",
            "IssuedGoogleCredentials");
  }

  @Test
  void userTokenSample_domainDelegates_showsTokenAndCredentials() {
    UserTokenSample.run(credentials, deployer, "user@example.com");
    assertThat(output())
        .startsWith("AccessToken[sha256:")
        .contains("IssuedGoogleCredentials[UserTokenRequest[target=" + deployer)
        .contains(READ_USERS);
  }

  @Test
  void userTokenSample_domainDoesNotDelegate_isRefused() {
    assertThatThrownBy(() -> UserTokenSample.run(credentials, deployer, "other@example.com"))
        .isInstanceOf(PermissionDenied.class)
        .hasMessageContaining("Admin console");
  }

  @Test
  void selfSignedJwtSample_granted_showsTwoTokens() {
    SelfSignedJwtSample.run(credentials, deployer);
    assertThat(output()).containsPattern("(?s)AccessToken\\[sha256:.*AccessToken\\[sha256:");
  }

  @Test
  void downscopedTokenSample_granted_showsTokenAndCredentials() {
    DownscopedTokenSample.run(credentials, deployer);
    assertThat(output())
        .startsWith("AccessToken[sha256:")
        .contains("IssuedGoogleCredentials[DownscopedTokenRequest[target=" + deployer);
  }

  private ShortLivedCredentials.Builder callersBuilder() {
    return ShortLivedCredentials.builder()
        .source(iam.googleCredentials(Member.of(caller).id()))
        .endpoints(iam.endpoints());
  }

  @Test
  void errorsSample_fault_isRetried() {
    iam.faults().on("generateAccessToken").times(1).fail(Code.UNAVAILABLE);
    ErrorsSample.run(callersBuilder(), deployer);
    assertThat(output()).startsWith("AccessToken[sha256:");
  }

  @Test
  void errorsSample_withoutGrant_showsHowToMakeIt() {
    ErrorsSample.run(callersBuilder(), caller);
    assertThat(output())
        .startsWith("gcloud iam service-accounts add-iam-policy-binding " + caller)
        .contains("--role=" + TOKEN_CREATOR);
  }

  @Test
  void errorsSample_unavailable_showsStatusAndTime() {
    iam.faults().on("generateAccessToken").fail(Code.RESOURCE_EXHAUSTED, Duration.ofHours(1));
    ErrorsSample.run(callersBuilder(), deployer);
    assertThat(output()).startsWith("Optional[RESOURCE_EXHAUSTED] in PT");
  }

  @Test
  void eventsSample_granted_showsOneIssuedAndOneCacheHit() {
    EventsSample.run(callersBuilder(), deployer);
    assertThat(output().lines())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("Issued[request=AccessTokenRequest[target=" + deployer)
        .contains("fingerprint=sha256:", "attempts=1");
    assertThat(output()).endsWith("1 served from cache" + System.lineSeparator());
  }

  @Test
  void loggingSample_granted_issuesOneTokenAndPrintsNothing() {
    LoggingSample.run(callersBuilder(), deployer);
    assertThat(output()).isEmpty();
    assertThat(iam.calls())
        .filteredOn(call -> call.method().equals("generateAccessToken"))
        .hasSize(1);
  }

  @Test
  void metricsSample_granted_countsOneIssuedAndOneCacheHit() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    MetricsSample.run(
        registry,
        ShortLivedCredentials.builder()
            .source(iam.googleCredentials(Member.of(caller).id()))
            .endpoints(iam.endpoints()),
        deployer);
    assertThat(registry.get("shortlived.credentials.issue").timer().count()).isOne();
    assertThat(registry.get("shortlived.credentials.cache.hits").functionCounter().count()).isOne();
  }

  @Test
  void cachedTokenSample_granted_showsOneTokenThriceAndAnother() {
    CachedTokenSample.run(credentials, deployer);
    List<String> lines = output().lines().toList();
    assertThat(lines).hasSize(4).allMatch(line -> line.startsWith("AccessToken[sha256:"));
    assertThat(lines.subList(0, 3)).containsOnly(lines.get(0)).doesNotContain(lines.get(3));
  }

  @Test
  void bulkIssuerSample_oneGrantedAndOneNot_showsTokenAndRefusal() {
    BulkIssuerSample.run(credentials, List.of(deployer, caller));
    assertThat(output())
        .containsPattern("(?m)^AccessToken\\[sha256:")
        .containsPattern("(?m)^generateAccessToken for " + caller + " refused: ");
  }

  @Test
  void tokenSourceSample_granted_showsTheRefusedTokenAndAnother() {
    TokenSourceSample.run(credentials, deployer);
    assertThat(output().lines().distinct()).hasSize(2).allMatch(line -> line.contains("sha256:"));
  }

  @Test
  void signJwtSample_granted_showsKeyId() {
    SignJwtSample.run(credentials, deployer);
    assertThat(output()).containsPattern("SignedJwt\\[sha256:.*keyId=[0-9a-f]{40}");
  }

  @Test
  void signBlobSample_granted_showsSignatureOf256Bytes() {
    SignBlobSample.run(credentials, deployer);
    assertThat(output()).contains("SignedBlob[sha256:").contains("256 bytes");
  }

  @Test
  void delegationSample_granted_showsToken() {
    DelegationSample.run(credentials, delegate, deployer);
    assertThat(output()).contains("AccessToken[sha256:");
  }

  @Test
  void keyFileSample_ownKey_showsToken(@TempDir Path folder) throws Exception {
    Path keyFile =
        Files.writeString(folder.resolve("key.json"), iam.serviceAccountKey(caller.id()));
    KeyFileSample.run(keyFile);
    assertThat(output()).contains("AccessToken[sha256:");
  }

  @Test
  void untrustedConfigurationSample_allowedFile_showsToken(@TempDir Path folder) throws Exception {
    WorkloadIdentityProvider ci = iam.workloadIdentityProvider(PROJECT, "ci-pool", "ci-provider");
    asAdministrator(
        grants ->
            grants.apply(
                CrossAccountGrant.workloadIdentityUser(Member.of(ci.principal("main")))
                    .on(caller)));
    Path token = Files.writeString(folder.resolve("token"), ci.subjectToken("main"));

    UntrustedConfigurationSample.run(
        ShortLivedCredentials.builder()
            .httpTransportFactory(iam.httpTransportFactory())
            .endpoints(credentials.endpoints()),
        ci.externalAccount(token, caller.id()),
        token,
        deployer);
    assertThat(output()).contains("AccessToken[sha256:");
  }

  private void asAdministrator(Consumer<Grants> sample) {
    try (ShortLivedCredentials admin = iam.credentialsFor(Member.of("user:admin@example.com"));
        Grants grants = Grants.using(admin)) {
      sample.accept(grants);
    }
  }

  @Test
  void directGrantSample_asAdministrator_showsPlanAndToken() {
    asAdministrator(
        grants -> {
          grants.planRevokeEverything(Member.of(caller), deployer).apply();
          DirectGrantSample.run(grants, Member.of(caller), credentials, deployer);
        });
    assertThat(output())
        .startsWith("+ " + TOKEN_CREATOR + " on " + deployer + " for serviceAccount:" + caller)
        .contains("AccessToken[sha256:");
    AccessTokenRequest fresh = AccessTokenRequest.of(deployer, CLOUD_PLATFORM).fresh();
    assertThatThrownBy(() -> credentials.issue(fresh)).isInstanceOf(PermissionDenied.class);
  }

  @Test
  void delegatedGrantSample_asAdministrator_showsEachChange() {
    asAdministrator(grants -> DelegatedGrantSample.run(grants, ME, delegate, deployer));
    assertThat(output())
        .contains("+ " + TOKEN_CREATOR + " on " + delegate + " for user:me@example.com")
        .contains("= " + TOKEN_CREATOR + " on " + deployer + " for serviceAccount:" + delegate);
  }

  @Test
  void expiringGrantSample_asAdministrator_showsTheExpiryAndHoldsDuringTheWork() {
    List<Boolean> heldInside = new ArrayList<>();
    asAdministrator(
        grants -> {
          ExpiringGrantSample.run(grants, ME, deployer, () -> heldInside.add(holdsIdTokens()));
          assertThat(holdsIdTokens()).isFalse();
        });
    assertThat(heldInside).containsExactly(true);
    assertThat(output())
        .containsPattern(
            "\\+ " + TOKEN_CREATOR + " on .* for user:me@example.com until 20..-..-..T..:..:..Z");
  }

  private void auditing(Consumer<AccessAudit> sample) {
    try (ShortLivedCredentials admin = iam.credentialsFor(Member.of("user:admin@example.com"));
        AccessAudit audit = AccessAudit.using(admin)) {
      sample.accept(audit);
    }
  }

  private boolean holdsIdTokens() {
    List<String> roles = new ArrayList<>();
    auditing(
        audit ->
            audit
                .audit(deployer)
                .allowing(TokenPermission.ID_TOKEN)
                .forEach(entry -> roles.add(entry.binding().role())));
    return roles.contains(CrossAccountGrant.OPEN_ID_TOKEN_CREATOR);
  }

  @Test
  void grantPlanSample_asAdministrator_showsThePlanInThreeForms() {
    asAdministrator(grants -> GrantPlanSample.run(grants, ME, deployer));
    assertThat(output())
        .startsWith("+ " + TOKEN_CREATOR + " on " + deployer + " for user:me@example.com")
        .contains("gcloud iam service-accounts add-iam-policy-binding " + deployer)
        .contains("resource \"google_service_account_iam_member\" ");
  }

  @Test
  void savedPlanSample_fileOfAnotherRun_isAppliedOnce(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("plan.json");
    asAdministrator(grants -> running(() -> SavedPlanSample.plan(grants, ME, deployer, file)));
    assertThat(Files.readString(file)).contains("\"member\": \"user:me@example.com\"");
    assertThat(output()).isEmpty();

    asAdministrator(
        grants -> {
          running(() -> SavedPlanSample.apply(grants, file));
          assertThat(grants.plan(CrossAccountGrant.tokenCreator(ME).on(deployer)).isEmpty())
              .isTrue();
          running(() -> SavedPlanSample.apply(grants, file));
        });
    assertThat(output())
        .startsWith("+ " + TOKEN_CREATOR + " on " + deployer + " for user:me@example.com")
        .contains("\nThe saved plan is stale, and nothing is written: 1 of its 1 policies changed");
  }

  private interface Action {
    void run() throws IOException;
  }

  private static void running(Action sample) {
    try {
      sample.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void httpCallSample_tokenRejectedOnce_showsTheSecondStatus() throws Exception {
    List<String> tokens = new CopyOnWriteArrayList<>();
    HttpServer api =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    api.createContext(
        "/",
        exchange -> {
          tokens.add(exchange.getRequestHeaders().getFirst("Authorization"));
          exchange.sendResponseHeaders(tokens.size() == 1 ? 401 : 200, -1);
          exchange.close();
        });
    api.start();
    try {
      URI uri = URI.create("http://127.0.0.1:" + api.getAddress().getPort());
      HttpCallSample.run(credentials, deployer, uri);
    } finally {
      api.stop(0);
    }
    assertThat(output()).isEqualToIgnoringNewLines("200");
    assertThat(tokens)
        .hasSize(2)
        .doesNotHaveDuplicates()
        .allMatch(t -> t.startsWith("Bearer ya29."));
  }

  @Test
  void sweepSample_oneGrantExpired_removesIt() {
    Instant end = iam.clock().instant().plusSeconds(3600).truncatedTo(ChronoUnit.SECONDS);
    asAdministrator(
        grants -> {
          grants.apply(CrossAccountGrant.tokenCreator(ME).on(deployer).until(end));
          iam.clock().set(end);
          SweepSample.run(grants, PROJECT);
          assertThat(grants.planSweepOfProject(PROJECT).isEmpty()).isTrue();
        });
    assertThat(output())
        .isEqualToIgnoringNewLines(
            "- %s on %s for user:me@example.com until %s".formatted(TOKEN_CREATOR, deployer, end));
  }

  @Test
  void createServiceAccountSample_asAdministrator_showsTheNewAccountAndRestoresIt() {
    try (ShortLivedCredentials admin = iam.credentialsFor(Member.of("user:admin@example.com"));
        ServiceAccounts accounts = ServiceAccounts.using(admin)) {
      CreateServiceAccountSample.run(accounts, PROJECT);
      assertThat(accounts.get(account("my-deployer")).displayName()).isEqualTo("Deploys the shop");
    }
    assertThat(output())
        .contains(deployer + " (1")
        .containsPattern("my-deployer@.* \\(1[0-9]{20}, \"Deploys the shop\"\\)");
  }

  @Test
  void auditSample_asAdministrator_showsMembersAndPaths() {
    auditing(audit -> AuditSample.run(audit, Member.of(caller), deployer, List.of(delegate)));
    assertThat(output())
        .contains(deployer.id() + "\n")
        .contains("directly: access token, ID token, sign JWT, sign blob")
        .contains(delegate + " -> " + deployer + ": access token");
  }

  @Test
  void diagnosisSample_secondGrantReversed_showsItAndTheGrantToMake() {
    asAdministrator(
        grants -> {
          grants.planRevokeEverything(Member.of(delegate), deployer).apply();
          grants.apply(CrossAccountGrant.tokenCreator(deployer).on(delegate));
          auditing(audit -> DiagnosisSample.run(credentials, audit, grants, delegate, deployer));
        });
    assertThat(output())
        .startsWith(
            "caller@my-project -> delegate@my-project -> deployer@my-project, access token: ")
        .contains(
            "delegate@my-project -> deployer@my-project: FAILS: granted in the reverse direction")
        .endsWith("+ %s on %s for %s%n".formatted(TOKEN_CREATOR, deployer, Member.of(delegate)));
  }

  @Test
  void adaptersSample_granted_sendsATokenInEveryForm() throws Exception {
    URI instances =
        iam.httpEndpoint().resolve("/compute/v1/projects/my-project/zones/us-west1-a/instances");
    HttpRequest request = AdaptersSample.run(credentials, deployer, instances);
    assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body())
        .contains("vm-1");
  }

  @Test
  void idTokenAdaptersSample_granted_sendsBothTokens() {
    IdTokenAdaptersSample.run(credentials, deployer);
    assertThat(output()).isEqualTo("Authorization%nAuthorization%n".formatted());
    assertThat(iam.calls()).extracting(EmulatorCall::method).containsOnly("generateIdToken");
  }

  @Test
  void adaptersSample_domainDelegates_actsAsTheUser() throws Exception {
    GoogleCredentials user = AdaptersSample.others(credentials, deployer, "user@example.com");
    assertThat(RequestHeaders.of(user).get()[1]).startsWith("Bearer ya29.");
    assertThat(output()).isEqualToIgnoringNewLines(deployer.id());
  }

  @Test
  void signedUrlSample_granted_showsTheSignedPaths() {
    SignedUrlSample.run(credentials, deployer, PROJECT, "my-bucket");
    assertThat(output())
        .isEqualToIgnoringNewLines(
            "/my-bucket/report.pdf/my-bucket/report.pdfhttps://storage.googleapis.com/my-bucket/");
    assertThat(iam.calls()).filteredOn(call -> call.method().equals("signBlob")).hasSize(3);
  }

  @Test
  void migrationSample_existingCredentials_showsBothTokens() {
    MigrationSample.run(
        ShortLivedCredentials.builder().endpoints(iam.endpoints()),
        ImpersonatedCredentials.newBuilder()
            .setSourceCredentials(iam.googleCredentials(Member.of(caller).id()))
            .setTargetPrincipal(deployer.id())
            .setDelegates(List.of(delegate.id()))
            .setScopes(List.of(CLOUD_PLATFORM))
            .build());
    assertThat(output()).containsPattern("(?s)AccessToken\\[sha256:.*IdToken\\[sha256:");
    assertThat(iam.calls()).hasSize(2);
  }

  @Test
  void computeSample_granted_listsInstances() {
    ComputeSample.run(credentials, deployer, PROJECT, "us-west1-a");
    assertThat(output()).isEqualToIgnoringNewLines("vm-1");
  }

  @Test
  void verifyIdTokenSample_genuine_isAccepted() {
    String token =
        credentials
            .issue(IdTokenRequest.of(deployer, "https://orders.example.com").withEmail())
            .token();
    try (TokenVerification verification = iam.tokenVerification()) {
      assertThat(VerifyIdTokenSample.status(verification, "Bearer " + token, deployer))
          .isEqualTo(200);
      assertThat(VerifyIdTokenSample.status(verification, "Bearer " + token, caller))
          .isEqualTo(401);
      assertThatThrownBy(() -> VerifyIdTokenSample.verified(verification, token, deployer))
          .isInstanceOf(VerificationFailed.class)
          .hasMessageContaining("its azp is");
    }
    assertThat(output())
        .containsPattern("^[0-9]{21}\n") // the unique ID of the deployer
        .contains("ACCOUNT: The ID token is refused: ")
        .doesNotContain(token);
  }

  @Test
  void verifyJwtSample_genuine_isAccepted() {
    JwtClaims claims =
        JwtClaims.expiringIn(Duration.ofMinutes(10)).issuer(deployer.id()).audience("orders");
    String token = credentials.signJwt(deployer, claims).token();
    try (TokenVerification verification = iam.tokenVerification()) {
      VerifyJwtSample.run(verification, token, deployer);
      assertThat(output()).startsWith("VerifiedJwt[signer=" + deployer).doesNotContain(token);
      assertThatThrownBy(() -> VerifyJwtSample.run(verification, token, caller))
          .isInstanceOf(VerificationFailed.class);
    }
  }

  @Test
  void verifyBlobSample_genuine_isAccepted() {
    byte[] manifest = {1, 2, 3};
    SignedBlob signed = credentials.signBlob(deployer, manifest);
    try (TokenVerification verification = iam.tokenVerification()) {
      VerifyBlobSample.run(verification, manifest, signed.signature(), signed.keyId(), deployer);
      assertThat(output()).startsWith("signed by " + deployer);
      assertThatThrownBy(
              () ->
                  VerifyBlobSample.run(
                      verification, new byte[1], signed.signature(), signed.keyId(), deployer))
          .isInstanceOf(VerificationFailed.class);
    }
  }
}
