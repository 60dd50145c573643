package io.github.shortlived;

import static io.github.shortlived.AdapterWorld.CALLER;
import static io.github.shortlived.AdapterWorld.CHAIN;
import static io.github.shortlived.AdapterWorld.STRANGER;
import static io.github.shortlived.AdapterWorld.TARGET;
import static io.github.shortlived.AdapterWorld.USER;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.ServiceAccountSigner;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdTokenProvider;
import com.google.rpc.Code;
import io.github.shortlived.model.AccessBoundaryRule;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.DownscopedTokenRequest;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.Target;
import io.github.shortlived.testing.EmulatorCall;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Downscoped tokens on the emulator, where they permit nothing outside Cloud Storage. */
class DownscopedTokenRequestTest {
  private static final AccessBoundaryRule RULE =
      AccessBoundaryRule.onBucket("reports", "roles/storage.objectViewer")
          .onlyIf("resource.name.startsWith('projects/_/buckets/reports/objects/a')");

  private final AdapterWorld world = new AdapterWorld();

  @AfterEach
  void close() {
    world.close();
  }

  static Stream<Arguments> targetsAndTransports() {
    return Stream.<Target>of(TARGET, CHAIN)
        .flatMap(target -> Stream.of(Arguments.of(target, false), Arguments.of(target, true)));
  }

  private ShortLivedCredentials.Builder builder(Consumer<CredentialEvent> listener) {
    return ShortLivedCredentials.builder()
        .source(world.emulator().googleCredentials(Member.of(CALLER).id()))
        .endpoints(world.emulator().endpoints())
        .clock(world.emulator().clock())
        .retryPolicy(
            new RetryPolicy(Duration.ofNanos(1), Duration.ofNanos(1), Duration.ofSeconds(30), true))
        .listener(listener);
  }

  private EmulatorCall lastListed(String bearer) throws Exception {
    assertThat(
            HttpClient.newHttpClient()
                .send(
                    HttpRequest.newBuilder(world.instances())
                        .header("Authorization", "Bearer " + bearer)
                        .build(),
                    BodyHandlers.discarding())
                .statusCode())
        .isEqualTo(403);
    List<EmulatorCall> calls = world.emulator().calls();
    return calls.get(calls.size() - 1);
  }

  @ParameterizedTest
  @MethodSource("targetsAndTransports")
  void downscopedToken_granted_isLimitedAndCached(Target target, boolean grpc) throws Exception {
    ShortLivedCredentials.Builder builder = builder(event -> {});
    try (ShortLivedCredentials caller = grpc ? builder.grpc().build() : builder.build()) {
      AccessToken token = caller.downscopedToken(target, RULE);
      EmulatorCall call = lastListed(token.token());

      assertThat(call.caller()).isEqualTo(Member.of(TARGET).id());
      assertThat(call.reasons().get(0)).endsWith("within its credential access boundary");
      assertThat(caller.downscopedToken(target, RULE)).isSameAs(token);
      assertThat(world.calls("generateAccessToken")).isOne();
      assertThat(world.calls("sts.token")).isOne();
    }
  }

  @Test
  void issue_lifetime_isThatOfTheAccessToken() {
    Instant now = world.emulator().clock().instant();
    AccessTokenRequest brief =
        AccessTokenRequest.of(TARGET, CLOUD_PLATFORM).lifetime(Duration.ofMinutes(10));
    AccessToken token = world.caller().issue(DownscopedTokenRequest.of(brief, RULE));

    assertThat(Duration.between(now, token.expireTime()))
        .isBetween(Duration.ofMinutes(9), Duration.ofMinutes(11));
  }

  @Test
  void issue_fresh_issuesBothTokensAgain() {
    DownscopedTokenRequest request = DownscopedTokenRequest.of(TARGET, RULE);
    AccessToken first = world.caller().issue(request);

    assertThat(world.caller().issue(request.fresh())).isNotEqualTo(first);
    assertThat(world.calls("generateAccessToken")).isEqualTo(2);
  }

  @Test
  void downscopedToken_ofTheSourceItself_isLimited() throws Exception {
    try (ShortLivedCredentials user = world.emulator().credentialsFor(Member.of("user:" + USER))) {
      Instant now = world.emulator().clock().instant();
      AccessToken token = user.downscopedToken(Target.self(), RULE);

      assertThat(lastListed(token.token()).caller()).isEqualTo("user:" + USER);
      // The response has no lifetime for a user.
      assertThat(token.expireTime()).isAfter(now.plus(Duration.ofMinutes(30)));
    }
  }

  @Test
  void downscopedToken_withoutGrant_namesTheGrant() {
    assertThatThrownBy(() -> world.caller().downscopedToken(STRANGER, RULE))
        .isInstanceOf(PermissionDenied.class)
        .hasMessageStartingWith("generateAccessToken for " + STRANGER)
        .hasMessageContaining("add-iam-policy-binding " + STRANGER);
    assertThat(world.calls("sts.token")).isZero();
  }

  @Test
  void downscopedToken_conditionThatIsRejected_showsTheReason() {
    AccessBoundaryRule invalid =
        AccessBoundaryRule.onBucket("reports", "roles/storage.objectViewer").onlyIf("'text'");
    assertThatThrownBy(() -> world.caller().downscopedToken(TARGET, invalid))
        .isInstanceOfSatisfying(
            InvalidRequest.class,
            failure -> {
              assertThat(failure.reason()).contains("invalid_request");
              assertThat(failure.method()).contains("token");
            })
        .hasMessageStartingWith(
            "Downscoping an access token of %s failed: invalid_request: The condition of the access"
                    .formatted(TARGET)
                + " boundary is invalid: ");
  }

  @Test
  void downscopedToken_faults_areOneEventWithTheRetriesOfBothCalls() {
    world.emulator().faults().on("generateAccessToken").times(1).fail(Code.UNAVAILABLE);
    world.emulator().faults().on("sts.token").times(2).fail(Code.UNAVAILABLE);
    List<CredentialEvent> events = new CopyOnWriteArrayList<>();
    try (ShortLivedCredentials caller = builder(events::add).build()) {
      AccessToken token = caller.downscopedToken(TARGET, RULE);

      assertThat(events)
          .hasSize(4)
          .last()
          .isInstanceOfSatisfying(
              CredentialEvent.Issued.class,
              issued -> {
                assertThat(issued.request()).isEqualTo(DownscopedTokenRequest.of(TARGET, RULE));
                assertThat(issued.fingerprint()).isEqualTo(token.fingerprint());
                assertThat(issued.attempts()).isEqualTo(4);
              });
    }
  }

  @Test
  @Timeout(60)
  void downscopedToken_slowAccessToken_leavesTheExchangeTheRemainingTime() {
    Duration delay = Duration.ofMillis(200);
    world.emulator().faults().on("generateAccessToken").delay(delay);
    try (StuckHttp http = new StuckHttp();
        ShortLivedCredentials caller =
            builder(event -> {})
                .grpc() // The HTTP transport is for the Security Token Service only.
                .httpTransportFactory(http)
                .retryPolicy(RetryPolicy.none().withTotalTimeout(Duration.ofSeconds(5)))
                .build()) {
      assertThatThrownBy(() -> caller.downscopedToken(TARGET, RULE))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("The Security Token Service did not respond in time");
      assertThat(http.timeout).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(5).minus(delay));
    }
  }

  @Test
  void googleCredentials_downscoped_sendTheTokenAndNeitherSignNorDelegate() throws Exception {
    DownscopedTokenRequest request = DownscopedTokenRequest.of(TARGET, RULE);
    GoogleCredentials google = world.caller().googleCredentials(request);

    assertThat(google.getRequestMetadata().get("Authorization"))
        .containsExactly("Bearer " + world.caller().issue(request).token());
    assertThat(google)
        .isNotInstanceOf(ServiceAccountSigner.class)
        .isNotInstanceOf(IdTokenProvider.class)
        .hasToString("IssuedGoogleCredentials[" + request + "]");
    assertThat(google.createScoped("openid"))
        .isEqualTo(world.caller().googleCredentials(request.withScopes(List.of("openid"))));
    assertThatThrownBy(() -> google.createDelegated(USER))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Invalid user: domain-wide delegation issues neither");
  }
}
