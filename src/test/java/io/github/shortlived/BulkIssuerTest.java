package io.github.shortlived;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.RateLimiter;
import com.google.common.util.concurrent.Uninterruptibles;
import io.github.shortlived.BulkIssuer.Outcome;
import io.github.shortlived.BulkIssuer.Progress;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.testing.EmulatorBuilder;
import io.github.shortlived.testing.EmulatorCall;
import io.github.shortlived.testing.IamEmulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A caller that may impersonate fifty accounts, but not the stranger. */
@Timeout(60) // A lost outcome must not stall the build.
class BulkIssuerTest {
  private static final ServiceAccount CALLER = account("caller");
  private static final ServiceAccount STRANGER = account("stranger");
  private static final List<ServiceAccount> TARGETS =
      IntStream.range(0, 50).mapToObj(i -> account("target-" + i)).toList();

  private final IamEmulator emulator = world().start();
  private final ShortLivedCredentials credentials = emulator.credentialsFor(CALLER);

  private static ServiceAccount account(String name) {
    return ServiceAccount.of(name + "@demo-project.iam.gserviceaccount.com");
  }

  private static EmulatorBuilder world() {
    EmulatorBuilder world =
        IamEmulator.builder().serviceAccount(CALLER.id()).serviceAccount(STRANGER.id());
    for (ServiceAccount target : TARGETS) {
      world
          .serviceAccount(target.id())
          .binding(
              target.id(), "roles/iam.serviceAccountTokenCreator", Member.of(CALLER).toString());
    }
    return world;
  }

  @AfterEach
  void close() {
    credentials.close();
    emulator.close();
  }

  private static List<AccessTokenRequest> requests(Stream<ServiceAccount> accounts) {
    return accounts.map(account -> AccessTokenRequest.of(account, CLOUD_PLATFORM)).toList();
  }

  private static List<AccessTokenRequest> strangerAndAllTargets() {
    return requests(Stream.concat(Stream.of(STRANGER), TARGETS.stream()));
  }

  private static Outcome<AccessToken> of(
      AccessTokenRequest request,
      Map<CredentialRequest<AccessToken>, Outcome<AccessToken>> outcomes) {
    return Objects.requireNonNull(outcomes.get(request));
  }

  private long calls(String method) {
    return emulator.calls().stream().map(EmulatorCall::method).filter(method::equals).count();
  }

  @Test
  void issue_manyTargets_returnsTokensAndFailures() {
    List<AccessTokenRequest> requests = strangerAndAllTargets();
    Map<CredentialRequest<AccessToken>, Outcome<AccessToken>> outcomes =
        credentials.bulkIssuer().concurrency(8).issue(requests);

    assertThat(List.copyOf(outcomes.keySet())).isEqualTo(requests);
    assertThat(outcomes.values().stream().flatMap(outcome -> outcome.credential().stream()))
        .hasSize(50)
        .doesNotHaveDuplicates();
    assertThat(of(requests.get(0), outcomes).failure())
        .get()
        .isInstanceOf(PermissionDenied.class)
        .extracting(Throwable::getMessage)
        .asString()
        .contains(STRANGER.id());
    assertThat(of(requests.get(0), outcomes).credential()).isEmpty();
    assertThat(of(requests.get(1), outcomes).failure()).isEmpty();
  }

  @Test
  void issue_sameRequestTwice_countsOnce() {
    AccessTokenRequest request = AccessTokenRequest.of(TARGETS.get(0), CLOUD_PLATFORM);

    assertThat(credentials.bulkIssuer().issue(List.of(request, request))).hasSize(1);
    assertThat(calls("generateAccessToken")).isOne();
  }

  @Test
  void issue_tokens_areCachedAndCachedOnesCostNoRequest() {
    AtomicInteger limited = new AtomicInteger();
    BulkIssuer issuer = credentials.bulkIssuer().withLimiter(limited::incrementAndGet);
    AccessToken before = credentials.accessToken(TARGETS.get(7), CLOUD_PLATFORM);
    Map<CredentialRequest<AccessToken>, Outcome<AccessToken>> outcomes =
        issuer.issue(requests(TARGETS.stream()));

    assertThat(of(AccessTokenRequest.of(TARGETS.get(7), CLOUD_PLATFORM), outcomes).credential())
        .containsSame(before);
    assertThat(limited).hasValue(49);
    assertThat(issuer.issue(requests(TARGETS.stream()))).isEqualTo(outcomes);
    assertThat(credentials.accessToken(TARGETS.get(8), CLOUD_PLATFORM).token())
        .isEqualTo(
            of(AccessTokenRequest.of(TARGETS.get(8), CLOUD_PLATFORM), outcomes)
                .credential()
                .orElseThrow()
                .token());
    assertThat(calls("generateAccessToken")).isEqualTo(50);
  }

  @Test
  void issue_cachedTokensThatNeedARefresh_areRateLimited() {
    AtomicInteger limited = new AtomicInteger();
    BulkIssuer issuer = credentials.bulkIssuer().withLimiter(limited::incrementAndGet);
    issuer.issue(requests(TARGETS.stream()));
    emulator.clock().advance(Duration.ofMinutes(55));
    issuer.issue(requests(TARGETS.stream()));

    assertThat(limited).hasValue(100);
  }

  @Test
  void issue_freshRequests_ignoreTheCache() {
    List<AccessTokenRequest> fresh =
        requests(TARGETS.stream().limit(3)).stream().map(AccessTokenRequest::fresh).toList();
    credentials.bulkIssuer().issue(fresh);
    credentials.bulkIssuer().issue(fresh);

    assertThat(calls("generateAccessToken")).isEqualTo(6);
  }

  @Test
  void issue_signatures_areNotCached() {
    List<SignBlobRequest> requests =
        TARGETS.stream().limit(3).map(t -> SignBlobRequest.of(t, new byte[] {1})).toList();

    assertThat(credentials.bulkIssuer().issue(requests).values())
        .allSatisfy(outcome -> assertThat(outcome.credential()).isPresent());
    assertThat(credentials.bulkIssuer().issue(requests)).hasSize(3);
    assertThat(calls("signBlob")).isEqualTo(6);
  }

  @Test
  void issue_noRequests_returnsNoOutcomes() {
    assertThat(credentials.bulkIssuer().issue(List.<AccessTokenRequest>of())).isEmpty();
  }

  @Test
  void reportingTo_eachOutcome_reportsProgress() {
    List<Progress> progress = new ArrayList<>();
    credentials
        .bulkIssuer()
        .concurrency(1)
        .reportingTo(progress::add)
        .issue(strangerAndAllTargets());

    assertThat(progress)
        .hasSize(51)
        .startsWith(new Progress(1, 1, 51), new Progress(2, 1, 51))
        .endsWith(new Progress(51, 1, 51));
  }

  @Test
  void reportingTo_listenerThrows_stopsTheRun() {
    IllegalArgumentException failure = new IllegalArgumentException("Enough");
    BulkIssuer issuer =
        credentials
            .bulkIssuer()
            .concurrency(1)
            .reportingTo(
                progress -> {
                  throw failure;
                });

    assertThatThrownBy(() -> issuer.issue(requests(TARGETS.stream()))).isSameAs(failure);
    assertThat(calls("generateAccessToken")).isLessThan(50);
  }

  @Test
  void stream_readInPart_requestsNoFurtherAheadThanTheConcurrency() {
    AtomicInteger requested = new AtomicInteger();
    BulkIssuer issuer =
        credentials.bulkIssuer().concurrency(4).withLimiter(requested::incrementAndGet);
    try (Stream<Outcome<AccessToken>> outcomes = issuer.stream(requests(TARGETS.stream()))) {
      assertThat(outcomes.limit(10)).hasSize(10);
    }

    assertThat(requested.get()).isBetween(10, 14);
  }

  @Test
  void stream_closedWhileTheLimiterWaits_sendsNoRequest() throws Exception {
    CountDownLatch waits = new CountDownLatch(1);
    CountDownLatch turn = new CountDownLatch(1);
    CountDownLatch readerEnded = new CountDownLatch(1);
    BulkIssuer issuer =
        credentials
            .bulkIssuer()
            .concurrency(1)
            .withLimiter(
                () -> {
                  waits.countDown();
                  Uninterruptibles.awaitUninterruptibly(turn);
                });
    Stream<Outcome<AccessToken>> outcomes = issuer.stream(requests(TARGETS.stream().limit(1)));
    Thread reader =
        new Thread(
            () -> {
              outcomes.forEach(outcome -> assertThat(outcome.failure()).isPresent());
              readerEnded.countDown();
            });
    reader.setDaemon(true);
    reader.start();
    waits.await();
    outcomes.close();
    turn.countDown();
    readerEnded.await();

    assertThat(calls("generateAccessToken")).isZero();
  }

  @Test
  void issue_closed_refused() {
    credentials.close();

    assertThatThrownBy(() -> credentials.bulkIssuer().issue(requests(TARGETS.stream())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("These ShortLivedCredentials are closed");
  }

  @Test
  void issue_interrupted_throwsAndKeepsTheFlag() {
    Thread reader = Thread.currentThread();
    BulkIssuer issuer = credentials.bulkIssuer().withLimiter(reader::interrupt);
    try {
      assertThatThrownBy(() -> issuer.issue(requests(TARGETS.stream().limit(1))))
          .isInstanceOf(Unavailable.class)
          .hasMessageStartingWith("Waiting for the outcome of bulk requests was interrupted.");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1_001, -1})
  void concurrency_outOfRange_refused(int most) {
    assertThatThrownBy(() -> credentials.bulkIssuer().concurrency(most))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "Invalid concurrency '"
                + most
                + "': it must be from 1 to 1000. Multiply the requests per second that you need by the seconds that one request takes.");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1_000})
  void concurrency_atTheBounds_accepted(int most) {
    assertThat(credentials.bulkIssuer().concurrency(most).toString())
        .contains("concurrency=" + most);
  }

  /** Checks that the second request waits for the limiter, but not for how long. */
  @Test
  void requestsPerMinute_usedUp_waits() {
    BulkIssuer slow = credentials.bulkIssuer().concurrency(1).requestsPerMinute(1);
    try (Stream<Outcome<AccessToken>> outcomes = slow.stream(requests(TARGETS.stream().limit(2)))) {
      Iterator<Outcome<AccessToken>> reader = outcomes.iterator();
      assertThat(reader.next().credential()).isPresent();
      Thread other = new Thread(reader::next, "reader");
      other.setDaemon(true);
      other.setUncaughtExceptionHandler((thread, closed) -> {}); // It ends after this test.
      other.start();
      while (!isAnyThreadWaitingForTheLimiter()) {
        Thread.onSpinWait();
      }
    }
    assertThat(calls("generateAccessToken")).isOne();
  }

  private static boolean isAnyThreadWaitingForTheLimiter() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().endsWith("-bulk"))
        .flatMap(thread -> Stream.of(thread.getValue()))
        .anyMatch(frame -> frame.getClassName().equals(RateLimiter.class.getName()));
  }

  @Test
  void toString_defaultAndChanged_showsTheLimits() {
    BulkIssuer issuer = credentials.bulkIssuer();
    assertThat(issuer).hasToString("BulkIssuer[concurrency=64, requestsPerMinute=60000]");
    assertThat(issuer.requestsPerMinute(7).concurrency(3).reportingTo(progress -> {}))
        .hasToString("BulkIssuer[concurrency=3, requestsPerMinute=7]");
  }

  @Test
  void requestsPerMinute_zero_refused() {
    assertThatThrownBy(() -> credentials.bulkIssuer().requestsPerMinute(0))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith("Invalid requests per minute '0': it must be at least 1.");
  }
}
