package io.github.shortlived;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.CHAIN;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.internal.text.Phrases;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.IdToken;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.Target;
import io.github.shortlived.testing.EmulatorCall;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks which tokens the facade caches, and which requests bypass the cache, on the emulator. */
class CachedTokensTest {
  private static final AccessTokenRequest ACCESS = AccessTokenRequest.of(TARGET, CLOUD_PLATFORM);
  private static final IdTokenRequest ID = IdTokenRequest.of(TARGET, "orders");

  private final DemoProject demo = new DemoProject();
  private final ShortLivedCredentials credentials = demo.emulator().credentialsFor(CALLER);

  @BeforeEach
  void grant() {
    demo.grants().apply(CrossAccountGrant.tokenCreator(Member.of(CALLER)).on(TARGET));
  }

  @AfterEach
  void close() {
    credentials.close();
    demo.close();
  }

  private long calls(String method) {
    return demo.emulator().calls().stream()
        .map(EmulatorCall::method)
        .filter(method::equals)
        .count();
  }

  @Test
  void accessToken_again_isCached() {
    AccessToken first = credentials.accessToken(TARGET, CLOUD_PLATFORM);

    assertThat(credentials.accessToken(TARGET, CLOUD_PLATFORM)).isSameAs(first);
    assertThat(credentials.issue(ACCESS)).isSameAs(first);
    assertThat(calls("generateAccessToken")).isOne();
  }

  @Test
  void idToken_again_isCached() {
    IdToken first = credentials.idToken(TARGET, "orders");

    assertThat(credentials.issue(ID)).isSameAs(first);
    assertThat(credentials.issue(ID.withEmail())).isNotEqualTo(first);
    assertThat(calls("generateIdToken")).isEqualTo(2);
  }

  @Test
  void accessToken_self_isCached() {
    AccessToken first = credentials.accessToken(Target.self(), CLOUD_PLATFORM);

    assertThat(credentials.accessToken(Target.self(), CLOUD_PLATFORM)).isSameAs(first);
    assertThat(
            credentials.issue(AccessTokenRequest.of(Target.self(), CLOUD_PLATFORM).fresh()).token())
        .isNotEqualTo(first.token());
  }

  @Test
  void issue_differentRequests_shareNoToken() {
    demo.grants().apply(CrossAccountGrant.tokenCreator(Member.of(CALLER)).along(CHAIN));
    List<CredentialRequest<AccessToken>> requests =
        List.of(
            ACCESS,
            AccessTokenRequest.of(CHAIN, CLOUD_PLATFORM),
            AccessTokenRequest.of(TARGET, "https://www.googleapis.com/auth/compute"),
            ACCESS.lifetime(Duration.ofMinutes(59)));

    assertThat(requests.stream().map(credentials::issue).map(AccessToken::token))
        .doesNotHaveDuplicates();
    assertThat(calls("generateAccessToken")).isEqualTo(requests.size());
  }

  @Test
  void sign_again_isNotCached() {
    credentials.signBlob(TARGET, new byte[] {1});
    credentials.signBlob(TARGET, new byte[] {1});
    JwtClaims claims = JwtClaims.expiringIn(Duration.ofMinutes(10));
    credentials.signJwt(TARGET, claims);
    credentials.signJwt(TARGET, claims);

    assertThat(calls("signBlob")).isEqualTo(2);
    assertThat(calls("signJwt")).isEqualTo(2);
  }

  @Test
  void fresh_cachedToken_isRequestedAndReplaced() {
    AccessToken first = credentials.issue(ACCESS);
    AccessToken fresh = credentials.issue(ACCESS.fresh());

    assertThat(fresh).isNotEqualTo(first);
    assertThat(credentials.issue(ACCESS)).isSameAs(fresh);
  }

  @Test
  void fresh_grantRevoked_isRefusedWhileTheCachedTokenIsReturned() {
    AccessToken cached = credentials.issue(ACCESS);
    demo.grants().revoke(CrossAccountGrant.tokenCreator(Member.of(CALLER)).on(TARGET));

    assertThatThrownBy(() -> credentials.issue(ACCESS.fresh()))
        .isInstanceOf(PermissionDenied.class);
    assertThat(credentials.issue(ACCESS)).isSameAs(cached);
  }

  @Test
  void minimumValidity_cachedTokenLasts_isReturned() {
    AccessToken first = credentials.issue(ACCESS);
    assertThat(credentials.issue(ACCESS.minimumValidity(Duration.ofMinutes(40)))).isSameAs(first);
    demo.emulator().clock().advance(Duration.ofMinutes(25));

    AccessToken lasting = credentials.issue(ACCESS.minimumValidity(Duration.ofMinutes(40)));
    assertThat(lasting).isNotEqualTo(first);
    assertThat(credentials.issue(ACCESS)).isSameAs(lasting);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT40M0.001S", "PT-1S", "PT2H"})
  void minimumValidity_outOfRange_refused(String validity) {
    Duration tooMuch = Duration.parse(validity);
    assertThatThrownBy(() -> ACCESS.minimumValidity(tooMuch))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid minimum validity '"
                + Phrases.exact(tooMuch)
                + "': it must be at most two thirds of the token's lifetime, here 40 min. Request a "
                + "fresh() token, which has its full lifetime left.");
    assertThatThrownBy(() -> ID.minimumValidity(tooMuch)).isInstanceOf(InvalidRequest.class);
  }

  @Test
  void lifetime_tooShortForTheMinimumValidity_refused() {
    AccessTokenRequest lasting = ACCESS.minimumValidity(Duration.ofMinutes(30));

    assertThat(lasting.lifetime(Duration.ofMinutes(45)))
        .hasToString(
            "AccessTokenRequest[target=%s, scopes=[%s], lifetime=45 min, minimumValidity=30 min]"
                .formatted(TARGET, CLOUD_PLATFORM));
    assertThatThrownBy(() -> lasting.lifetime(Duration.ofMinutes(44)))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Invalid minimum validity '30 min'");
    assertThat(ACCESS.fresh().lifetime(Duration.ofSeconds(1)).toString()).endsWith(", fresh]");
  }

  @Test
  void invalidate_cachedToken_isIssuedAgain() {
    AccessToken first = credentials.issue(ACCESS);
    credentials.invalidate(ACCESS);

    assertThat(credentials.issue(ACCESS)).isNotEqualTo(first);
  }

  @Test
  void issue_failed_isRequestedAgain() {
    IdTokenRequest stranger = IdTokenRequest.of(DemoProject.DELEGATE_1, "orders");
    assertThatThrownBy(() -> credentials.issue(stranger)).isInstanceOf(PermissionDenied.class);
    demo.grants()
        .apply(CrossAccountGrant.tokenCreator(Member.of(CALLER)).on(DemoProject.DELEGATE_1));

    assertThat(credentials.issue(stranger).token()).isNotBlank();
  }

  @Test
  void issue_closed_refusedEvenIfCached() {
    credentials.issue(ACCESS);
    credentials.close();

    SignBlobRequest signature = SignBlobRequest.of(TARGET, new byte[] {1});
    for (CredentialRequest<?> request : List.of(ACCESS, ACCESS.fresh(), signature)) {
      assertThatThrownBy(() -> credentials.issue(request))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("These ShortLivedCredentials are closed");
    }
  }

  @Test
  void maximumCachedTokens_more_evictsTheLongestIdle() {
    try (ShortLivedCredentials two =
        ShortLivedCredentials.builder()
            .source(demo.emulator().googleCredentials(Member.of(CALLER).id()))
            .endpoints(demo.emulator().endpoints())
            .clock(demo.emulator().clock())
            .maximumCachedTokens(2)
            .build()) {
      for (String audience : List.of("a", "b", "c")) {
        two.idToken(TARGET, audience);
        demo.emulator().clock().advance(Duration.ofSeconds(2));
      }
      two.idToken(TARGET, "b");
      two.idToken(TARGET, "c");
      assertThat(calls("generateIdToken")).isEqualTo(3);
      two.idToken(TARGET, "a");
      assertThat(calls("generateIdToken")).isEqualTo(4);
    }
  }

  @Test
  void maximumCachedTokens_zero_refused() {
    assertThatThrownBy(() -> ShortLivedCredentials.builder().maximumCachedTokens(0))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid maximumCachedTokens '0': it must be at least 1. Use fresh() requests for tokens that are not cached.");
  }
}
