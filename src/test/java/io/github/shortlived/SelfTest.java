package io.github.shortlived;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.DELEGATE_1;
import static io.github.shortlived.DemoProject.DELEGATE_2;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.json.webtoken.JsonWebSignature;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.rpc.Code;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialException.SourceCredentials;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.IdToken;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignedBlob;
import io.github.shortlived.model.SignedJwt;
import io.github.shortlived.model.Target;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Signature;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks credentials for the caller itself, and how many source tokens are fetched. */
class SelfTest {
  private static final JwtClaims CLAIMS = JwtClaims.expiringIn(Duration.ofMinutes(10));
  private static final byte[] BLOB = "version: 42".getBytes(UTF_8);

  private final DemoProject demo = new DemoProject();
  // The paths that the source and the HTTP/JSON client requested, in order.
  private final List<String> paths = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    demo.close();
  }

  private GoogleCredentials recordedKey() throws IOException {
    String key = demo.emulator().serviceAccountKey(CALLER.id());
    return ServiceAccountCredentials.fromStream(
        new ByteArrayInputStream(key.getBytes(UTF_8)), () -> RecordingHttp.into(paths));
  }

  private ShortLivedCredentials.Builder keyOfCaller() {
    NetHttpTransport recording = RecordingHttp.into(paths);
    return ShortLivedCredentials.builder()
        .keyJson(demo.emulator().serviceAccountKey(CALLER.id()))
        .endpoints(demo.emulator().endpoints())
        .httpTransportFactory(() -> recording);
  }

  @Test
  void accessToken_ofKeyFile_isExchangedForASignedJwt(@TempDir Path folder) throws Exception {
    Path keyFile =
        Files.writeString(
            folder.resolve("key.json"), demo.emulator().serviceAccountKey(CALLER.id()));
    try (ShortLivedCredentials credentials = ShortLivedCredentials.fromKeyFile(keyFile)) {
      AccessToken token = credentials.accessToken(Target.self(), CLOUD_PLATFORM);
      assertThat(token.token()).startsWith("ya29.");
    }
  }

  @Test
  void accessToken_keyOfADeletedAccount_isASourceFailure() {
    String foreignKey;
    try (DemoProject other = new DemoProject()) {
      foreignKey = other.emulator().serviceAccountKey(CALLER.id());
    }
    String key = foreignKey.replaceFirst("http://127.0.0.1:[0-9]+", http());
    try (ShortLivedCredentials credentials = ShortLivedCredentials.fromKeyJson(key)) {
      assertThatThrownBy(() -> credentials.accessToken(Target.self(), CLOUD_PLATFORM))
          .isInstanceOf(SourceCredentials.class)
          .hasMessageContaining("invalid_grant: Invalid JWT Signature.");
    }
  }

  @Test
  void idToken_ofKey_isForTheAudience() throws Exception {
    try (ShortLivedCredentials credentials = keyOfCaller().build()) {
      IdToken token = credentials.idToken(Target.self(), "https://orders.example.com");
      JsonWebSignature jws =
          JsonWebSignature.parse(GsonFactory.getDefaultInstance(), token.token());
      assertThat(jws.getPayload().getAudience()).isEqualTo("https://orders.example.com");
      assertThat(jws.getPayload()).containsEntry("email", CALLER.id());
    }
  }

  @Test
  void sign_withKey_usesNoNetworkAndVerifiesWithThePublishedKey() throws Exception {
    try (ShortLivedCredentials credentials = keyOfCaller().build()) {
      SignedJwt jwt = credentials.signJwt(Target.self(), CLAIMS);
      SignedBlob blob = credentials.signBlob(Target.self(), BLOB);
      assertThat(paths).isEmpty();

      JsonWebSignature jws = JsonWebSignature.parse(GsonFactory.getDefaultInstance(), jwt.token());
      assertThat(jws.verifySignature(demo.publishedKey(CALLER, jwt.keyId()))).isTrue();
      Signature verifier = Signature.getInstance("SHA256withRSA");
      verifier.initVerify(demo.publishedKey(CALLER, blob.keyId()));
      verifier.update(BLOB);
      assertThat(verifier.verify(blob.signature())).isTrue();
    }
  }

  @Test
  void signBlob_withoutKey_isSignedByTheServiceAsTheSourcesAccount() {
    demo.grants().apply(CrossAccountGrant.tokenCreator(CALLER).on(CALLER));
    try (ShortLivedCredentials credentials = demo.emulator().credentialsFor(CALLER)) {
      SignedBlob blob = credentials.signBlob(Target.self(), BLOB);
      assertThat(demo.publishedKey(CALLER, blob.keyId())).isNotNull();
    }
  }

  @Test
  void signBlob_withoutKeyAndGrant_namesTheGrantOnItself() {
    try (ShortLivedCredentials credentials = demo.emulator().credentialsFor(CALLER)) {
      assertThatThrownBy(() -> credentials.signBlob(Target.self(), BLOB))
          .isInstanceOf(PermissionDenied.class)
          .hasMessageContaining("add-iam-policy-binding " + CALLER)
          .hasMessageContaining("--member=serviceAccount:" + CALLER);
    }
  }

  @Test
  void signJwt_user_refusedWithAnAlternative() {
    try (ShortLivedCredentials user = demo.emulator().credentialsFor(DemoProject.ADMIN)) {
      assertThatThrownBy(() -> user.signJwt(Target.self(), CLAIMS))
          .isInstanceOf(SourceCredentials.class)
          .hasMessageContaining("cannot sign a JWT")
          .hasMessageContaining("Use a service account as target");
    }
  }

  @Test
  void accessToken_manyTargets_fetchesOneSourceToken() {
    List<ServiceAccount> targets = List.of(DELEGATE_1, DELEGATE_2, TARGET);
    targets.forEach(
        target -> demo.grants().apply(CrossAccountGrant.tokenCreator(CALLER).on(target)));
    try (ShortLivedCredentials credentials = keyOfCaller().build()) {
      targets.forEach(target -> credentials.accessToken(target, CLOUD_PLATFORM));
    }
    assertThat(paths).filteredOn("/token"::equals).hasSize(1);
    assertThat(paths).hasSize(4);
  }

  @Test
  void using_sharesTheSourceTokenWithGrants() {
    try (ShortLivedCredentials credentials = keyOfCaller().build();
        Grants grants = Grants.using(credentials)) {
      assertThatThrownBy(() -> credentials.accessToken(TARGET, CLOUD_PLATFORM))
          .isInstanceOf(PermissionDenied.class);
      assertThatThrownBy(() -> grants.apply(CrossAccountGrant.tokenCreator(CALLER).on(TARGET)))
          .isInstanceOf(PermissionDenied.class);
    }
    assertThat(paths).filteredOn("/token"::equals).hasSize(1);
  }

  @Test
  void accessToken_serviceUnreachable_isUnavailableAfterTheTimeout() {
    // The time for the source token would be part of the timeout.
    ShortLivedCredentials.Builder builder =
        ShortLivedCredentials.builder()
            .source(demo.emulator().googleCredentials(Member.of(CALLER).id()))
            .retryPolicy(RetryPolicy.standard().withTotalTimeout(Duration.ofMillis(300)));
    assertUnavailable(builder);
    assertUnavailable(builder.grpc());
  }

  private void assertUnavailable(ShortLivedCredentials.Builder builder) {
    // Port 1 is reserved: nothing listens there.
    Endpoints nowhere =
        demo.emulator().endpoints().withIamCredentials(URI.create("http://127.0.0.1:1"));
    try (ShortLivedCredentials credentials = builder.endpoints(nowhere).build()) {
      assertThatThrownBy(() -> credentials.accessToken(TARGET, CLOUD_PLATFORM))
          .isInstanceOf(Unavailable.class)
          .hasMessageStartingWith("generateAccessToken for " + TARGET + " failed: ");
    }
  }

  @Test
  void accessToken_tokenEndpointUnreachable_isUnavailable() {
    String key =
        demo.emulator()
            .serviceAccountKey(CALLER.id())
            .replaceFirst("http://127.0.0.1:[0-9]+", "http://127.0.0.1:1");
    try (ShortLivedCredentials credentials =
        ShortLivedCredentials.builder()
            .keyJson(key)
            .endpoints(demo.emulator().endpoints())
            .retryPolicy(RetryPolicy.none())
            .build()) {
      assertThatThrownBy(() -> credentials.accessToken(TARGET, CLOUD_PLATFORM))
          .isInstanceOf(Unavailable.class);
    }
  }

  @Test
  void googleCredentials_asSourceOfAnother_actsAsTheTarget() throws Exception {
    demo.grants().apply(CrossAccountGrant.tokenCreator(CALLER).on(DELEGATE_1));
    demo.grants().apply(CrossAccountGrant.tokenCreator(DELEGATE_1).on(TARGET));
    try (ShortLivedCredentials caller = keyOfCaller().build()) {
      GoogleCredentials delegate = caller.googleCredentials(DELEGATE_1, CLOUD_PLATFORM);
      try (ShortLivedCredentials asDelegate =
          ShortLivedCredentials.builder()
              .source(delegate)
              .endpoints(demo.emulator().endpoints())
              .build()) {
        assertThat(asDelegate.accessToken(TARGET, CLOUD_PLATFORM).token()).startsWith("ya29.");
      }
      assertThat(delegate.toString()).doesNotContain("ya29.");
    }
  }

  @Test
  void callerMember_ofKey_isItsAccount() {
    try (ShortLivedCredentials credentials = keyOfCaller().build()) {
      assertThat(credentials.callerMember()).contains(Member.of(CALLER));
    }
  }

  @Test
  void issue_closed_refused() {
    ShortLivedCredentials credentials = keyOfCaller().build();
    credentials.close();
    assertThatThrownBy(() -> credentials.accessToken(TARGET, CLOUD_PLATFORM))
        .isInstanceOf(IllegalStateException.class);
  }

  private String http() {
    return demo.emulator().httpEndpoint().toString();
  }

  @Test
  void signBlob_impersonatedCredentials_isSignedByTheirAccount() throws Exception {
    demo.grants().apply(CrossAccountGrant.tokenCreator(CALLER).on(TARGET));
    ImpersonatedCredentials impersonated =
        ImpersonatedCredentials.newBuilder()
            .setSourceCredentials(demo.emulator().googleCredentials(Member.of(CALLER).id()))
            .setTargetPrincipal(TARGET.id())
            .setScopes(List.of(CLOUD_PLATFORM))
            .build();
    try (ShortLivedCredentials credentials =
        ShortLivedCredentials.builder()
            .source(impersonated)
            .endpoints(demo.emulator().endpoints())
            .build()) {
      SignedBlob blob = credentials.signBlob(Target.self(), BLOB);
      Signature verifier = Signature.getInstance("SHA256withRSA");
      verifier.initVerify(demo.publishedKey(TARGET, blob.keyId()));
      verifier.update(BLOB);
      assertThat(verifier.verify(blob.signature())).isTrue();
    }
  }

  @Test
  void build_sourceOfAnotherUniverse_callsItsEndpoints() {
    String key =
        demo.emulator()
            .serviceAccountKey(CALLER.id())
            .replace("\"googleapis.com\"", "\"apis.example.fr\"");
    try (ShortLivedCredentials credentials = ShortLivedCredentials.fromKeyJson(key)) {
      assertThat(credentials.endpoints()).isEqualTo(Endpoints.universe("apis.example.fr"));
    }
    try (ShortLivedCredentials credentials = keyOfCaller().build()) {
      assertThat(credentials.endpoints()).isNotEqualTo(Endpoints.google());
    }
  }

  @Test
  void accessToken_faultyTokenEndpoint_isCalledOncePerAttempt() {
    demo.emulator().faults().on("token").times(2).fail(Code.UNAVAILABLE);
    try (ShortLivedCredentials credentials = keyOfCaller().build()) {
      credentials.accessToken(Target.self(), CLOUD_PLATFORM);
    }
    assertThat(paths).hasSize(3);
    paths.clear();
    demo.emulator().faults().on("token").times(1).fail(Code.UNAVAILABLE);
    try (ShortLivedCredentials once = keyOfCaller().retryPolicy(RetryPolicy.none()).build()) {
      assertThatThrownBy(() -> once.accessToken(Target.self(), CLOUD_PLATFORM))
          .isInstanceOf(Unavailable.class);
    }
    assertThat(paths).hasSize(1);
  }

  @Test
  void accessToken_scopedSource_isCalledOncePerAttempt() throws Exception {
    demo.emulator().faults().on("token").fail(Code.UNAVAILABLE);
    GoogleCredentials scoped = recordedKey().createScoped(CLOUD_PLATFORM);
    GoogleCredentials impersonating =
        ImpersonatedCredentials.newBuilder()
            .setSourceCredentials(scoped)
            .setTargetPrincipal(DELEGATE_1.id())
            .setScopes(List.of(CLOUD_PLATFORM))
            .build();
    for (GoogleCredentials source : List.of(scoped, impersonating)) {
      for (Target target : List.of(TARGET, Target.self())) {
        paths.clear();
        assertUnavailableOnce(source, target);
        assertThat(paths).containsExactly("/token");
      }
    }
  }

  private void assertUnavailableOnce(GoogleCredentials source, Target target) {
    try (ShortLivedCredentials once =
        ShortLivedCredentials.builder()
            .source(source)
            .endpoints(demo.emulator().endpoints())
            .retryPolicy(RetryPolicy.none())
            .build()) {
      assertThatThrownBy(() -> once.accessToken(target, CLOUD_PLATFORM))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining(" Given up after 1 attempt in ");
    }
  }

  @Test
  void build_scopedSourceWithAToken_usesIt() throws Exception {
    GoogleCredentials scoped = recordedKey().createScoped(CLOUD_PLATFORM);
    scoped.refresh();
    try (ShortLivedCredentials credentials = ShortLivedCredentials.from(scoped);
        ShortLivedCredentials other =
            ShortLivedCredentials.from(
                InternalCredentials.context(credentials).source().scoped())) {
      assertThat(InternalCredentials.context(credentials).source().scoped().getAccessToken())
          .isEqualTo(scoped.getAccessToken());
      assertThat(InternalCredentials.context(other).source().scoped())
          .isSameAs(InternalCredentials.context(credentials).source().scoped());
    }
  }

  @Test
  void signBlob_impersonatedCredentialsTwice_fetchesOneSourceToken() {
    demo.grants().apply(CrossAccountGrant.tokenCreator(CALLER).on(TARGET));
    try (ShortLivedCredentials key = keyOfCaller().build();
        ShortLivedCredentials credentials =
            ShortLivedCredentials.builder()
                .source(
                    ImpersonatedCredentials.newBuilder()
                        .setSourceCredentials(unscoped(key))
                        .setTargetPrincipal(TARGET.id())
                        .setScopes(List.of(CLOUD_PLATFORM))
                        .build())
                .endpoints(demo.emulator().endpoints())
                .build()) {
      credentials.signBlob(Target.self(), BLOB);
      credentials.signBlob(Target.self(), BLOB);
    }
    assertThat(paths).filteredOn("/token"::equals).hasSize(1);
  }

  private static GoogleCredentials unscoped(ShortLivedCredentials key) {
    GoogleCredentials unscoped =
        InternalCredentials.context(key).source().scoped().createScoped(List.of());
    assertThat(unscoped.createScopedRequired()).isTrue();
    return unscoped;
  }
}
