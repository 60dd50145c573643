package io.github.shortlived.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.gax.grpc.GrpcStatusCode;
import com.google.api.gax.rpc.NotFoundException;
import io.github.shortlived.TokenSource;
import io.github.shortlived.Waiters;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.CredentialException.NotFound;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.InternalExceptions;
import io.grpc.Status;
import java.net.ConnectException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks each rule of the cache. A token with a lifetime of an hour is refreshed from 50:50 on. */
@Timeout(60) // Lost callers must not stall the build.
class RefreshingTokenTest {
  private static final Duration REFRESH = Duration.ofSeconds(3050);
  private static final Duration UNUSABLE = Duration.ofSeconds(3590);

  private final TokenRig rig = new TokenRig();
  private final TokenSource<AccessToken> source = rig.source;

  private static CredentialException failure() {
    return InternalExceptions.translate(new ConnectException("Refused"), "Requesting");
  }

  /** Returns the next token. Another thread waits for it while this one runs the request. */
  private AccessToken first() throws Exception {
    Waiters<AccessToken> waiter = new Waiters<>(1, source::get);
    rig.runRequest();
    return waiter.result(0);
  }

  @Test
  void get_cached_isReturnedWithoutARequest() throws Exception {
    AccessToken first = first();
    rig.advance(REFRESH.minusMillis(1));

    assertThat(source.get()).isSameAs(first);
    assertThat(rig.requestsWaiting()).isZero();
  }

  @Test
  void get_noToken_allWaitForOneRequest() throws Exception {
    Waiters<AccessToken> waiters = new Waiters<>(50, source::get).parked();
    assertThat(rig.requestsWaiting()).isEqualTo(1);
    rig.runRequest();

    for (int i = 0; i < 50; i++) {
      assertThat(waiters.result(i).token()).isEqualTo("token-1");
    }
    assertThat(rig.loads).hasValue(1);
  }

  @Test
  void get_refreshDue_isReturnedWhileOneRefreshRuns() throws Exception {
    AccessToken first = first();
    rig.advance(REFRESH);

    for (int i = 0; i < 10; i++) {
      assertThat(source.get()).isSameAs(first);
    }
    assertThat(rig.requestsWaiting()).isEqualTo(1);
    rig.runRequest();
    assertThat(source.get().token()).isEqualTo("token-2");
    assertThat(rig.requestsWaiting()).isZero();
  }

  @Test
  void get_expiredWhileRefreshing_waitsForThatRefresh() throws Exception {
    first();
    rig.advance(REFRESH);
    source.get();
    rig.advance(UNUSABLE.minus(REFRESH));
    Waiters<AccessToken> waiters = new Waiters<>(3, source::get).parked();
    assertThat(rig.requestsWaiting()).isEqualTo(1);
    rig.runRequest();

    assertThat(waiters.result(2).token()).isEqualTo("token-2");
    assertThat(rig.loads).hasValue(2);
  }

  @Test
  void get_tokenOfAMinute_isReturnedFor57Seconds() throws Exception {
    rig.lifetime = Duration.ofMinutes(1);
    AccessToken first = first();
    rig.advance(Duration.ofMillis(56_999));
    assertThat(source.get()).isSameAs(first);
    rig.runRequest();

    assertThat(source.get().token()).isEqualTo("token-2");
    rig.advance(Duration.ofSeconds(57));
    assertThatThrownBy(() -> source.get(Duration.ZERO)).isInstanceOf(Unavailable.class);
  }

  @Test
  void get_refreshFails_blocksNoCallerAndIsRetriedWithBackoff() throws Exception {
    AccessToken first = first();
    rig.advance(REFRESH);
    for (Duration delay : List.of(Duration.ofMillis(500), Duration.ofSeconds(1))) {
      rig.failNext(failure());
      assertThat(source.get()).isSameAs(first);
      rig.runRequest();
      rig.advance(delay.minusMillis(1));
      assertThat(source.get()).isSameAs(first);
      assertThat(rig.requestsWaiting()).isZero();
      rig.advance(Duration.ofMillis(1));
    }

    source.get();
    rig.runRequest();
    assertThat(source.get().token()).isEqualTo("token-4");
  }

  @Test
  void get_refreshFailedUntilExpiry_throwsTheFailureOfANewRequest() throws Exception {
    first();
    rig.advance(REFRESH);
    rig.failNext(failure());
    source.get();
    rig.runRequest();
    rig.advance(UNUSABLE.minus(REFRESH));
    NotFound last = notFound();
    rig.failNext(last);
    Waiters<AccessToken> waiter = new Waiters<>(1, source::get);
    rig.runRequest();

    assertThat(waiter.failures()).singleElement().isInstanceOf(NotFound.class);
    assertThat(rig.loads).hasValue(3);
  }

  private static NotFound notFound() {
    GrpcStatusCode status = GrpcStatusCode.of(Status.Code.NOT_FOUND);
    return (NotFound)
        InternalExceptions.translate(
            new NotFoundException("Gone", null, status, false), "Requesting");
  }

  @Test
  void get_sharedRequestFails_givesEachWaiterItsOwnException() throws Exception {
    NotFound shared = notFound();
    rig.failNext(shared);
    Waiters<AccessToken> waiters = new Waiters<>(20, source::get).parked();
    rig.runRequest();

    List<Throwable> failures = waiters.failures();
    assertThat(new HashSet<>(failures)).hasSize(20).doesNotContain(shared);
    assertThat(failures)
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .isInstanceOf(NotFound.class)
                    .hasMessage(shared.getMessage())
                    .extracting(Throwable::getCause)
                    .isSameAs(shared.getCause()));
    assertThat(rig.loads).hasValue(1);
  }

  @Test
  void get_afterAFailure_sendsAnotherRequest() throws Exception {
    rig.failNext(failure());
    Waiters<AccessToken> waiter = new Waiters<>(1, source::get);
    rig.runRequest();
    assertThat(waiter.failures()).hasSize(1);

    assertThat(first().token()).isEqualTo("token-2");
  }

  @Test
  void get_requestThrowsAnError_failsAllWaiters() throws Exception {
    rig.failNext(new StackOverflowError("Deep"));
    Waiters<AccessToken> waiters = new Waiters<>(2, source::get).parked();
    rig.runRequest();

    assertThat(waiters.failures())
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("Issuing AccessTokenRequest[target=target@p")
                    .hasRootCauseInstanceOf(StackOverflowError.class));
  }

  @Test
  void get_executorRejectsAndNoUsableToken_throws() throws Exception {
    CacheThreads full =
        new CacheThreads(
            task -> {
              throw new RejectedExecutionException("Full");
            },
            rig,
            () -> {});
    TokenCache cache = new TokenCache(10, rig, full, rig, () -> 0);

    assertThatThrownBy(() -> cache.load(TokenRig.REQUEST, null))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("Full");
  }

  @Test
  void get_interrupted_failsItsThreadOnlyAndKeepsTheFlag() throws Exception {
    boolean[] flagged = new boolean[1];
    Waiters<AccessToken> interrupted =
        new Waiters<>(
            1,
            () -> {
              try {
                return source.get();
              } finally {
                flagged[0] = Thread.currentThread().isInterrupted();
              }
            });
    interrupted.parked();
    Waiters<AccessToken> others = new Waiters<>(5, source::get).parked();
    interrupted.interrupt(0);

    assertThat(interrupted.failures())
        .singleElement()
        .isInstanceOf(Unavailable.class)
        .extracting(Throwable::getMessage)
        .asString()
        .startsWith("Waiting for the token for AccessTokenRequest[")
        .contains("was interrupted");
    assertThat(flagged[0]).isTrue();
    rig.runRequest();
    assertThat(others.result(4).token()).isEqualTo("token-1");
    assertThat(rig.loads).hasValue(1);
  }

  @Test
  void get_interruptedAndCached_isReturned() throws Exception {
    AccessToken first = first();
    Thread.currentThread().interrupt();
    try {
      assertThat(source.get()).isSameAs(first);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT0.001S"})
  void getWithLimit_reached_doesNotCancelTheRequest(String limit) throws Exception {
    Waiters<AccessToken> other = new Waiters<>(1, source::get).parked();

    assertThatThrownBy(() -> source.get(Duration.parse(limit)))
        .isInstanceOf(Unavailable.class)
        .hasMessageStartingWith("No token for AccessTokenRequest[")
        .hasMessageContaining("arrived within the time limit")
        .extracting(e -> ((Unavailable) e).status())
        .isEqualTo(Optional.empty());
    rig.runRequest();
    assertThat(other.result(0)).isSameAs(source.get(Duration.ZERO));
    assertThat(rig.loads).hasValue(1);
  }

  @Test
  void getWithLimit_reachedAfterFailures_namesTheLastCause() throws Exception {
    first();
    rig.advance(REFRESH);
    CredentialException cause = notFound();
    rig.failNext(cause);
    source.get();
    rig.runRequest();
    rig.advance(UNUSABLE.minus(REFRESH));

    assertThatThrownBy(() -> source.get(Duration.ZERO))
        .isInstanceOf(Unavailable.class)
        .hasMessageEndingWith(
            "arrived within the time limit. The request continues: try again. The request before it failed: "
                + cause.getMessage())
        .hasCause(cause);
    rig.runRequest();
    rig.advance(UNUSABLE);
    assertThatThrownBy(() -> source.get(Duration.ZERO)).hasMessageEndingWith("try again.");
  }

  @Test
  void getWithLimit_reachedAfterAFreshToken_namesNoEarlierFailure() throws Exception {
    first();
    rig.advance(REFRESH);
    rig.failNext(notFound());
    source.get();
    rig.runRequest();
    rig.cache.load(TokenRig.REQUEST.fresh(), null);
    rig.advance(UNUSABLE);

    assertThatThrownBy(() -> source.get(Duration.ZERO)).hasMessageEndingWith("try again.");
  }

  @Test
  void getWithLimit_notReached_returnsTheToken() throws Exception {
    Waiters<AccessToken> waiter =
        new Waiters<>(1, () -> source.get(Duration.ofSeconds(Long.MAX_VALUE)));
    rig.runRequest();

    assertThat(waiter.result(0).token()).isEqualTo("token-1");
  }

  @Test
  void getWithLimit_negative_refused() {
    assertThatThrownBy(() -> source.get(Duration.ofSeconds(-1)))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageStartingWith(
            "Invalid time limit '-1 s': it must not be negative. Pass how long");
    assertThat(rig.requestsWaiting()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT59M50S", "PT1H", "P30D"})
  void get_clockJumpsForward_returnsNoExpiredToken(String jump) throws Exception {
    first();
    rig.advance(Duration.parse(jump));

    assertThat(first().token()).isEqualTo("token-2");
  }

  @Test
  void get_clockJumpsBeforeAWaiterWakes_waitsForAnotherToken() throws Exception {
    Waiters<AccessToken> waiter = new Waiters<>(1, source::get).parked();
    rig.onSchedule = () -> rig.advance(UNUSABLE);
    rig.runRequest();
    rig.onSchedule = () -> {};
    rig.runRequest();

    assertThat(waiter.result(0).token()).isEqualTo("token-2");
  }

  @Test
  void get_expiredOnArrival_namesTheClock() throws Exception {
    rig.lifetime = Duration.ofMinutes(-1);
    Waiters<AccessToken> waiter = new Waiters<>(1, source::get);
    rig.runRequest();

    assertThat(waiter.failures())
        .singleElement()
        .isInstanceOf(Unavailable.class)
        .extracting(Throwable::getMessage)
        .asString()
        .contains(" was already expired on arrival (expiry ")
        .endsWith(" Check this machine's clock.");
  }

  @Test
  void get_refreshedTokenExpiredOnArrival_keepsTheUsableOne() throws Exception {
    AccessToken first = first();
    rig.advance(REFRESH);
    source.get();
    rig.lifetime = Duration.ofMinutes(-1);
    rig.runRequest();

    assertThat(source.get()).isSameAs(first);
  }

  @Test
  void get_clockSetBackBeforeTheArrival_isNotReturned() throws Exception {
    AccessToken first = first();
    rig.advance(Duration.ofSeconds(-10));
    assertThat(source.get()).isSameAs(first);
    rig.advance(Duration.ofMillis(-1));

    assertThat(first().token()).isEqualTo("token-2");
  }

  @Test
  void get_clockSetBackByLess_isDroppedByTheTimerAtExpiry() throws Exception {
    AccessToken first = first();
    rig.advance(Duration.ofMinutes(40));
    rig.advance(Duration.ofMinutes(-30));
    assertThat(source.get()).isSameAs(first);
    assertThat(rig.drops).singleElement().extracting(drop -> drop.delay).isEqualTo(UNUSABLE);
    rig.drops.get(0).task.run();

    assertThat(first().token()).isEqualTo("token-2");
  }

  @Test
  void timer_ofAReplacedToken_isCancelledAndDropsNothing() throws Exception {
    first();
    rig.advance(REFRESH);
    source.get();
    rig.runRequest();
    assertThat(rig.drops).extracting(drop -> drop.cancelled).containsExactly(true, false);
    rig.drops.get(0).task.run();

    assertThat(source.get().token()).isEqualTo("token-2");
  }

  /**
   * The token of a source may be fixed, and a metadata server returns its token until it expires.
   */
  @ParameterizedTest
  @ValueSource(strings = {"PT-11S", "PT59M51S"})
  void get_unusableAndNoOtherArrives_returnsItAndKeepsItsTimer(String passed) throws Exception {
    AccessToken first = first();
    rig.fixedToken = first;
    rig.advance(Duration.parse(passed));

    assertThat(first()).isSameAs(first);
    assertThat(rig.requestsWaiting()).isZero();
    assertThat(rig.drops).singleElement().extracting(drop -> drop.cancelled).isEqualTo(false);
    rig.drops.get(0).task.run();
    assertThatThrownBy(() -> source.get(Duration.ZERO)).isInstanceOf(Unavailable.class);
  }

  @Test
  void get_timerFails_failsAllWaiters() throws Exception {
    rig.onSchedule =
        () -> {
          throw new OutOfMemoryError("No thread");
        };
    Waiters<AccessToken> waiters = new Waiters<>(2, source::get).parked();
    rig.runRequest();

    assertThat(waiters.failures())
        .allSatisfy(failure -> assertThat(failure).isInstanceOf(Unavailable.class));
    rig.onSchedule = () -> {};
    assertThat(first().token()).isEqualTo("token-2");
  }

  @Test
  void get_timerFailsDuringARefresh_keepsTheUsableToken() throws Exception {
    AccessToken first = first();
    rig.advance(REFRESH);
    source.get();
    rig.onSchedule =
        () -> {
          throw new OutOfMemoryError("No thread");
        };
    rig.runRequest();

    assertThat(source.get()).isSameAs(first);
    assertThat(rig.drops.get(0).cancelled).isFalse();
  }

  @Test
  void get_slowClock_capsTheExpiryAtTheLifetime() throws Exception {
    rig.lifetime = Duration.ofHours(5); // By a clock that is four hours behind.
    first();
    rig.advance(UNUSABLE);

    assertThat(first().token()).isEqualTo("token-2");
  }

  @Test
  void invalidate_cachedToken_requestsAnother() throws Exception {
    AccessToken first = first();
    source.invalidate(new AccessToken(first.token(), first.expireTime()));

    assertThat(rig.drops.get(0).cancelled).isTrue();
    assertThat(first().token()).isEqualTo("token-2");
  }

  @Test
  void invalidate_cachedTokenWithAnotherExpiry_requestsAnother() throws Exception {
    AccessToken first = first();
    source.invalidate(new AccessToken(first.token(), first.expireTime().plusMillis(300)));

    assertThat(first().token()).isEqualTo("token-2");
  }

  @Test
  void invalidate_anotherToken_doesNothing() throws Exception {
    AccessToken refused = first();
    source.invalidate(refused);
    AccessToken second = first();
    source.invalidate(refused);

    assertThat(source.get()).isSameAs(second);
  }

  @Test
  void invalidate_whileRefreshing_waitsForThatRefresh() throws Exception {
    AccessToken first = first();
    rig.advance(REFRESH);
    source.get();
    source.invalidate(first);
    Waiters<AccessToken> waiter = new Waiters<>(1, source::get).parked();
    rig.runRequest();

    assertThat(waiter.result(0).token()).isEqualTo("token-2");
    assertThat(rig.loads).hasValue(2);
  }

  @Test
  void get_closed_refused() throws Exception {
    first();
    rig.cache.close();

    assertThatThrownBy(source::get)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("These ShortLivedCredentials are closed");
    assertThat(rig.drops.get(0).cancelled).isTrue();
    assertThat(rig.requestsWaiting()).isZero();
  }

  @Test
  void close_whileCallersWait_failsThemAndDropsTheToken() throws Exception {
    Waiters<AccessToken> waiters = new Waiters<>(3, source::get).parked();
    rig.cache.close();

    assertThat(waiters.failures())
        .allSatisfy(failure -> assertThat(failure).isInstanceOf(IllegalStateException.class));
    rig.runRequest();
    assertThat(rig.loads).hasValue(1);
    assertThatThrownBy(source::get).isInstanceOf(IllegalStateException.class);
  }
}
