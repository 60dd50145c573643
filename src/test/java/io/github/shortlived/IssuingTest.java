package io.github.shortlived;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.CHAIN;
import static io.github.shortlived.DemoProject.DELEGATE_1;
import static io.github.shortlived.DemoProject.DELEGATE_2;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.json.webtoken.JsonWebSignature;
import com.google.api.gax.rpc.StatusCode.Code;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.NotFound;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.IdToken;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignedBlob;
import io.github.shortlived.model.SignedJwt;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Issues credentials of other accounts, directly and through a delegation chain, over both
 * transports.
 */
@ParameterizedClass(name = "grpc={0}")
@ValueSource(booleans = {false, true})
class IssuingTest {
  private static final String AUDIENCE = "https://orders.example.com";
  private static final JwtClaims CLAIMS =
      JwtClaims.expiringIn(Duration.ofMinutes(10)).audience("orders");
  private static final byte[] BLOB = "version: 42".getBytes(UTF_8);

  private final boolean grpc;
  private final DemoProject demo = new DemoProject();
  private ShortLivedCredentials credentials;

  IssuingTest(boolean grpc) {
    this.grpc = grpc;
  }

  @BeforeEach
  void connect() {
    credentials = demo.caller(grpc);
  }

  @AfterEach
  void close() {
    credentials.close();
    demo.close();
  }

  private void grantDirect() {
    demo.grants().apply(CrossAccountGrant.tokenCreator(CALLER).on(TARGET));
  }

  private void grantChain() {
    demo.grants().apply(CrossAccountGrant.tokenCreator(CALLER).along(CHAIN));
  }

  @Test
  void accessToken_granted_livesOneHour() {
    grantDirect();
    AccessToken token = credentials.accessToken(TARGET, CLOUD_PLATFORM);
    assertThat(token.token()).startsWith("ya29.");
    assertThat(token.expireTime())
        .isCloseTo(Instant.now().plus(Duration.ofHours(1)), within(1, ChronoUnit.MINUTES));
  }

  @Test
  void accessToken_withoutGrant_namesPermissionAccountMemberAndCommand() {
    PermissionDenied refusal =
        catchThrowableOfType(
            PermissionDenied.class, () -> credentials.accessToken(TARGET, CLOUD_PLATFORM));
    assertThat(refusal)
        .hasMessage(
            """
            generateAccessToken for target@demo-project.iam.gserviceaccount.com refused: \
            Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist). \
            (PERMISSION_DENIED, IAM_PERMISSION_DENIED)
            It needs this grant:
              serviceAccount:caller@demo-project.iam.gserviceaccount.com needs \
            iam.serviceAccounts.getAccessToken on target@demo-project.iam.gserviceaccount.com:
                CrossAccountGrant.tokenCreator(\
            Member.of("serviceAccount:caller@demo-project.iam.gserviceaccount.com"))\
            .on(ServiceAccount.of("target@demo-project.iam.gserviceaccount.com"))
                gcloud iam service-accounts add-iam-policy-binding target@demo-project.iam.gserviceaccount.com \\
                    --member=serviceAccount:caller@demo-project.iam.gserviceaccount.com \\
                    --role=roles/iam.serviceAccountTokenCreator \\
                    --condition=None
            Google's page: https://cloud.google.com/iam/docs/create-short-lived-credentials-direct
            See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#permission-denied.""");
    assertThat(refusal.status()).contains(Code.PERMISSION_DENIED);
    assertThat(refusal.reason()).contains("IAM_PERMISSION_DENIED");
    assertThat(refusal.permission()).contains("iam.serviceAccounts.getAccessToken");
  }

  @Test
  void accessToken_shorterLifetime_expiresAfterIt() {
    grantDirect();
    AccessToken token =
        credentials.issue(
            AccessTokenRequest.of(TARGET, CLOUD_PLATFORM).lifetime(Duration.ofMinutes(5)));
    assertThat(token.expireTime())
        .isCloseTo(Instant.now().plus(Duration.ofMinutes(5)), within(1, ChronoUnit.MINUTES));
  }

  @Test
  void accessToken_extendedLifetimeWithoutOrgPolicy_refusedByTheService() {
    grantDirect();
    AccessTokenRequest request =
        AccessTokenRequest.of(TARGET, CLOUD_PLATFORM)
            .lifetimeExtendedByOrgPolicy(Duration.ofHours(2));
    assertThatThrownBy(() -> credentials.issue(request))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("cannot exceed 3600 seconds");
  }

  @Test
  void accessToken_unknownAccount_isNotFound() {
    ServiceAccount unknown = ServiceAccount.of("nobody@demo-project.iam.gserviceaccount.com");
    assertThatThrownBy(() -> credentials.accessToken(unknown, CLOUD_PLATFORM))
        .isInstanceOf(NotFound.class)
        .hasMessageContaining("nobody@demo-project.iam.gserviceaccount.com");
  }

  @Test
  void accessToken_chainGranted_isIssued() {
    grantChain();
    assertThat(credentials.accessToken(CHAIN, CLOUD_PLATFORM).token()).startsWith("ya29.");
  }

  @Test
  void accessToken_chainLacksItsMiddleGrant_namesEveryGrantItNeeds() {
    grantChain();
    demo.grants().revoke(CrossAccountGrant.tokenCreator(DELEGATE_1).on(DELEGATE_2));
    PermissionDenied refusal =
        catchThrowableOfType(
            PermissionDenied.class, () -> credentials.accessToken(CHAIN, CLOUD_PLATFORM));
    assertThat(refusal.requiredGrants())
        .extracting(RequiredGrant::toString)
        .containsExactly(
            "roles/iam.serviceAccountTokenCreator on "
                + DELEGATE_1
                + " for serviceAccount:"
                + CALLER,
            "roles/iam.serviceAccountTokenCreator on "
                + DELEGATE_2
                + " for serviceAccount:"
                + DELEGATE_1,
            "roles/iam.serviceAccountTokenCreator on "
                + TARGET
                + " for serviceAccount:"
                + DELEGATE_2);
    assertThat(refusal).hasMessageContaining(DELEGATE_1.id()).hasMessageContaining(DELEGATE_2.id());
  }

  @Test
  void accessToken_chainGrantedButRequestedDirectly_refused() {
    grantChain();
    assertThatThrownBy(() -> credentials.accessToken(TARGET, CLOUD_PLATFORM))
        .isInstanceOf(PermissionDenied.class);
  }

  @Test
  void accessToken_revoked_refused() {
    grantDirect();
    credentials.accessToken(TARGET, CLOUD_PLATFORM);
    demo.grants().revoke(CrossAccountGrant.tokenCreator(CALLER).on(TARGET));
    AccessTokenRequest fresh = AccessTokenRequest.of(TARGET, CLOUD_PLATFORM).fresh();
    assertThatThrownBy(() -> credentials.issue(fresh)).isInstanceOf(PermissionDenied.class);
  }

  @Test
  void idToken_granted_isForTheAudienceAndSignedByGoogle() throws Exception {
    grantDirect();
    IdToken token = credentials.idToken(TARGET, AUDIENCE);
    JsonWebSignature jws = parse(token.token());
    assertThat(jws.getPayload().getAudience()).isEqualTo(AUDIENCE);
    assertThat(jws.getPayload()).doesNotContainKey("email");
    assertThat(jws.verifySignature(demo.googleKey(jws.getHeader().getKeyId()))).isTrue();
    assertThat(token.expireTime().getEpochSecond())
        .isEqualTo(jws.getPayload().getExpirationTimeSeconds());
  }

  @Test
  void idToken_withEmail_carriesTheTargetsEmail() throws Exception {
    grantChain();
    IdToken token = credentials.issue(IdTokenRequest.of(CHAIN, AUDIENCE).withEmail());
    assertThat(parse(token.token()).getPayload()).containsEntry("email", TARGET.id());
  }

  @Test
  void idToken_withoutGrant_refused() {
    PermissionDenied refusal =
        catchThrowableOfType(PermissionDenied.class, () -> credentials.idToken(TARGET, AUDIENCE));
    assertThat(refusal.permission()).contains("iam.serviceAccounts.getOpenIdToken");
  }

  @Test
  void signJwt_granted_verifiesWithTheTargetsPublishedKey() throws Exception {
    grantDirect();
    SignedJwt signed = credentials.signJwt(TARGET, CLAIMS);
    JsonWebSignature jws = parse(signed.token());
    assertThat(jws.getHeader().getKeyId()).isEqualTo(signed.keyId());
    assertThat(jws.verifySignature(demo.publishedKey(TARGET, signed.keyId()))).isTrue();
    assertThat(jws.getPayload().getAudience()).isEqualTo("orders");
    assertThat(jws.getPayload().getExpirationTimeSeconds())
        .isEqualTo(signed.expireTime().getEpochSecond());
  }

  @Test
  void signJwt_rawJson_isSignedUnchanged() throws Exception {
    grantChain();
    long exp = Instant.now().plusSeconds(60).getEpochSecond();
    JwtClaims claims = JwtClaims.ofJson("{\"exp\":%d,\"roles\":[\"a\",{\"b\":1}]}".formatted(exp));
    SignedJwt signed = credentials.signJwt(CHAIN, claims);
    assertThat(parse(signed.token()).getPayload()).containsOnlyKeys("exp", "roles");
  }

  @Test
  void signJwt_withoutGrant_refused() {
    PermissionDenied refusal =
        catchThrowableOfType(PermissionDenied.class, () -> credentials.signJwt(TARGET, CLAIMS));
    assertThat(refusal.permission()).contains("iam.serviceAccounts.signJwt");
  }

  @Test
  void signBlob_granted_verifiesWithTheTargetsPublishedKey() throws Exception {
    grantDirect();
    assertVerifies(credentials.signBlob(TARGET, BLOB));
  }

  @Test
  void signBlob_chainGranted_verifiesWithTheTargetsPublishedKey() throws Exception {
    grantChain();
    assertVerifies(credentials.signBlob(CHAIN, BLOB));
  }

  @Test
  void signBlob_withoutGrant_refused() {
    PermissionDenied refusal =
        catchThrowableOfType(PermissionDenied.class, () -> credentials.signBlob(TARGET, BLOB));
    assertThat(refusal.permission()).contains("iam.serviceAccounts.signBlob");
  }

  @Test
  void issue_callerAmongDelegates_refusedBeforeTheNetwork() {
    demo.close();
    DelegationChain chain = DelegationChain.through(CALLER).to(TARGET);
    List<ThrowingCallable> calls =
        List.of(
            () -> credentials.accessToken(chain, CLOUD_PLATFORM),
            () -> credentials.signBlob(chain, BLOB));
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call)
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining("the caller must not be among the delegates");
    }
  }

  private void assertVerifies(SignedBlob signed) throws GeneralSecurityException {
    Signature verifier = Signature.getInstance("SHA256withRSA");
    verifier.initVerify(demo.publishedKey(TARGET, signed.keyId()));
    verifier.update(BLOB);
    assertThat(verifier.verify(signed.signature())).isTrue();
  }

  private static JsonWebSignature parse(String token) throws IOException {
    return JsonWebSignature.parse(GsonFactory.getDefaultInstance(), token);
  }

  @Test
  void accessToken_afterTransientFaults_isIssued() {
    grantDirect();
    demo.emulator()
        .faults()
        .on("generateAccessToken")
        .times(1)
        .fail(com.google.rpc.Code.UNAVAILABLE);
    demo.emulator()
        .faults()
        .on("generateAccessToken")
        .times(1)
        .fail(com.google.rpc.Code.RESOURCE_EXHAUSTED);
    demo.emulator().faults().on("generateAccessToken").times(1).dropConnection();
    assertThat(credentials.accessToken(TARGET, CLOUD_PLATFORM).token()).startsWith("ya29.");
  }

  @Test
  void accessToken_faultsWithoutRetries_isUnavailable() {
    grantDirect();
    demo.emulator()
        .faults()
        .on("generateAccessToken")
        .times(1)
        .fail(com.google.rpc.Code.UNAVAILABLE);
    ShortLivedCredentials.Builder once =
        ShortLivedCredentials.builder()
            .source(demo.emulator().googleCredentials(Member.of(CALLER).id()))
            .endpoints(demo.emulator().endpoints())
            .retryPolicy(RetryPolicy.none());
    try (ShortLivedCredentials single = grpc ? once.grpc().build() : once.build()) {
      assertThatThrownBy(() -> single.accessToken(TARGET, CLOUD_PLATFORM))
          .isInstanceOf(CredentialException.Unavailable.class);
      assertThat(single.accessToken(TARGET, CLOUD_PLATFORM).token()).startsWith("ya29.");
    }
  }

  @Test
  void signBlob_interruptedBefore_sendsNoRequestAndKeepsTheStatus() {
    grantDirect();
    credentials.signBlob(TARGET, new byte[1]); // Fetches the source token.
    int before = demo.emulator().calls().size();
    Thread.currentThread().interrupt();
    Throwable failure = catchThrowable(() -> credentials.signBlob(TARGET, new byte[1]));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure)
        .isInstanceOf(CredentialException.Unavailable.class)
        .hasMessageStartingWith(
            "signBlob for %s failed: Interrupted before the call was sent. (CANCELLED)", TARGET);
    assertThat(demo.emulator().calls()).hasSize(before);
  }

  @Test
  void signBlob_interruptedDuringTheCall_returnsAtOnceAndKeepsTheStatus() throws Exception {
    try (LoopbackNetwork network = new LoopbackNetwork()) {
      URI silent = network.silent(Thread.currentThread()::interrupt);
      ShortLivedCredentials.Builder builder =
          ShortLivedCredentials.builder()
              .source(demo.emulator().googleCredentials(Member.of(CALLER).id()))
              .endpoints(Endpoints.of(silent, silent));
      try (ShortLivedCredentials caller = grpc ? builder.grpc().build() : builder.build()) {
        Throwable failure = catchThrowable(() -> caller.signBlob(TARGET, new byte[1]));
        assertThat(failure)
            .isInstanceOf(CredentialException.Unavailable.class)
            .hasMessageStartingWith(
                "signBlob for %s failed: Interrupted before the service responded. (CANCELLED)",
                TARGET);
        assertThat(Thread.interrupted()).isTrue();
      }
    }
  }
}
