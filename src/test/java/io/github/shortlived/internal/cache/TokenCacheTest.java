package io.github.shortlived.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.TokenSource;
import io.github.shortlived.TokenSources;
import io.github.shortlived.Waiters;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.Scopes;
import io.github.shortlived.model.ServiceAccount;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks which tokens are cached, and for which requests. The cache has ten, except in some tests.
 */
@Timeout(60) // Lost callers must not stall the build.
class TokenCacheTest {
  private static final AccessTokenRequest REQUEST = TokenRig.REQUEST;
  private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

  private final TokenRig rig = new TokenRig();

  private static AccessTokenRequest request(int number) {
    return AccessTokenRequest.of(
        ServiceAccount.of("target-%d@p.iam.gserviceaccount.com".formatted(number)),
        Scopes.CLOUD_PLATFORM);
  }

  /**
   * Returns the token of this source. Another thread waits for it while this one runs the request.
   */
  private AccessToken loaded(TokenSource<AccessToken> source) throws Exception {
    Waiters<AccessToken> waiter = new Waiters<>(1, source::get);
    rig.runRequest();
    return waiter.result(0);
  }

  private AccessToken loaded(AccessTokenRequest request) throws Exception {
    return loaded(rig.source(request));
  }

  private void storeFresh(AccessToken token) {
    RefreshingToken<AccessToken> refreshing = rig.token(REQUEST);
    refreshing.entry().storeFresh(refreshing.entry().nextLoad(), token);
  }

  @Test
  void getIfUsable_cachedToken_isForEqualRequestsOnly() throws Exception {
    AccessToken token = loaded(REQUEST);

    assertThat(
            rig.cache.getIfUsable(AccessTokenRequest.of(REQUEST.target(), Scopes.CLOUD_PLATFORM)))
        .isSameAs(token);
    assertThat(rig.cache.getIfUsable(REQUEST.lifetime(Duration.ofMinutes(59)))).isNull();
    assertThat(rig.cache.getIfUsable(request(1))).isNull();
  }

  @Test
  void load_interruptedThreadAndTokenThatArrivesAtOnce_fails() {
    TokenCache atOnce =
        new TokenCache(10, rig, new CacheThreads(Runnable::run, rig, () -> {}), rig, () -> 0);
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> atOnce.load(REQUEST, null))
          .isInstanceOf(CredentialException.Unavailable.class)
          .hasMessageContaining("was interrupted");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(atOnce.getIfUsable(REQUEST)).isNotNull();
  }

  @Test
  void getIfUsable_freshRequest_isNull() throws Exception {
    loaded(REQUEST);

    assertThat(rig.cache.getIfUsable(REQUEST.fresh())).isNull();
  }

  @Test
  void getIfUsable_minimumValidity_acceptsTokensThatLastAsLong() throws Exception {
    AccessToken token = loaded(REQUEST);
    rig.advance(Duration.ofSeconds(2989));

    assertThat(rig.cache.getIfUsable(REQUEST.minimumValidity(Duration.ofMinutes(10))))
        .isSameAs(token);
    rig.advance(Duration.ofSeconds(1));
    assertThat(rig.cache.getIfUsable(REQUEST.minimumValidity(Duration.ofMinutes(10)))).isNull();
    assertThat(rig.cache.getIfUsable(REQUEST)).isSameAs(token);
  }

  @Test
  void get_minimumValidityMissed_waitsForAnotherToken() throws Exception {
    loaded(REQUEST);
    rig.advance(Duration.ofMinutes(50));
    TokenSource<AccessToken> lasting = rig.source(REQUEST.minimumValidity(Duration.ofMinutes(30)));

    assertThat(loaded(lasting).token()).isEqualTo("token-2");
    assertThat(rig.source.get().token()).isEqualTo("token-2");
  }

  @Test
  void get_tokensExpireTooSoon_throwsAfterTwoRequests() throws Exception {
    TokenSource<AccessToken> lasting = rig.source(REQUEST.minimumValidity(Duration.ofMinutes(30)));
    rig.lifetime = Duration.ofMinutes(20);
    Waiters<AccessToken> waiter = new Waiters<>(1, lasting::get);
    rig.runRequest();
    rig.runRequest();

    assertThat(waiter.failures())
        .singleElement()
        .isInstanceOf(Unavailable.class)
        .extracting(Throwable::getMessage)
        .asString()
        .endsWith(
            "is valid for less than the requested 30 min. Request a shorter minimumValidity.");
    assertThat(rig.loads).hasValue(2);
    assertThat(rig.source.get().token()).isEqualTo("token-2");
  }

  @Test
  void getAsync_tokenInFlightExpiresTooSoon_requestsAnother() throws Exception {
    rig.lifetime = Duration.ofMinutes(20);
    TokenSources.getAsync(rig.source, Runnable::run, outcome -> {});
    TokenSource<AccessToken> lasting = rig.source(REQUEST.minimumValidity(Duration.ofMinutes(30)));
    List<AccessToken> results = new ArrayList<>();
    TokenSources.getAsync(lasting, Runnable::run, outcome -> results.add(outcome.get()));
    rig.runRequest();
    assertThat(results).isEmpty();
    rig.lifetime = Duration.ofHours(1);
    rig.runRequest();

    assertThat(results).extracting(AccessToken::token).containsExactly("token-2");
    assertThat(rig.requestsWaiting()).isZero();
  }

  @Test
  void getAsync_tokensExpireTooSoon_failsAfterTwoRequests() throws Exception {
    TokenSource<AccessToken> lasting = rig.source(REQUEST.minimumValidity(Duration.ofMinutes(30)));
    rig.lifetime = Duration.ofMinutes(20);
    List<Supplier<AccessToken>> outcomes = new ArrayList<>();
    TokenSources.getAsync(lasting, Runnable::run, outcomes::add);
    rig.runRequest();
    rig.runRequest();

    assertThat(outcomes).hasSize(1);
    assertThatThrownBy(() -> outcomes.get(0).get())
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("valid for less than the requested 30 min");
    assertThat(rig.requestsWaiting()).isZero();
  }

  @Test
  void getAsync_lateExecutor_requestsAnotherToken() throws Exception {
    List<Runnable> late = new ArrayList<>();
    List<AccessToken> results = new ArrayList<>();
    TokenSources.getAsync(rig.source, late::add, outcome -> results.add(outcome.get()));
    rig.runRequest();
    rig.advance(Duration.ofHours(2));
    late.remove(0).run();
    assertThat(results).isEmpty();
    rig.runRequest();
    late.remove(0).run();

    assertThat(results).extracting(AccessToken::token).containsExactly("token-2");
  }

  @Test
  void getAsync_closedByACallback_callsTheOthers() throws Exception {
    rig.lifetime = Duration.ofMinutes(20);
    List<Supplier<AccessToken>> outcomes = new ArrayList<>();
    Consumer<Supplier<AccessToken>> closing =
        outcome -> {
          outcomes.add(outcome);
          rig.cache.close();
        };
    TokenSource<AccessToken> lasting = rig.source(REQUEST.minimumValidity(Duration.ofMinutes(30)));
    TokenSources.getAsync(rig.source, Runnable::run, closing);
    TokenSources.getAsync(lasting, Runnable::run, outcomes::add);
    rig.runRequest();

    assertThat(outcomes).hasSize(2);
    assertThatThrownBy(() -> outcomes.get(1).get())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("These ShortLivedCredentials are closed");
  }

  @Test
  void getAsync_oneExecutorFails_callsAllCallbacks() throws Exception {
    List<String> results = new ArrayList<>();
    TokenSources.getAsync(
        rig.source,
        task -> {
          throw new OutOfMemoryError("No thread");
        },
        outcome -> results.add("failing: " + outcome.get().token()));
    TokenSources.getAsync(
        rig.source, Runnable::run, outcome -> results.add("other: " + outcome.get().token()));
    rig.runRequest();

    assertThat(results).containsExactlyInAnyOrder("failing: token-1", "other: token-1");
  }

  @Test
  void getAsync_oneCallbackFails_callsEachOnce() throws Exception {
    List<String> results = new ArrayList<>();
    TokenSources.getAsync(
        rig.source,
        Runnable::run,
        outcome -> {
          results.add("failing");
          throw new StackOverflowError("Deep");
        });
    TokenSources.getAsync(rig.source, Runnable::run, outcome -> results.add("other"));
    rig.runRequest();

    assertThat(results).containsExactlyInAnyOrder("failing", "other");
  }

  @Test
  void needsLoad_beforeTheRefreshIsDue_false() throws Exception {
    assertThat(rig.cache.needsLoad(request(1))).isTrue();
    loaded(REQUEST);
    rig.advance(Duration.ofSeconds(3049));

    assertThat(rig.cache.needsLoad(REQUEST)).isFalse();
    assertThat(rig.cache.needsLoad(REQUEST.fresh())).isTrue();
    rig.advance(Duration.ofSeconds(1));
    assertThat(rig.cache.needsLoad(REQUEST)).isTrue();
    assertThat(rig.requestsWaiting()).isZero();
  }

  /** The token may arrive between two reads by a caller. */
  @Test
  void join_usableToken_returnsIt() throws Exception {
    AccessToken cached = loaded(REQUEST);
    RefreshingToken<AccessToken> refreshing = rig.token(REQUEST);

    assertThat(rig.await(refreshing)).isSameAs(cached);
    assertThat(rig.requestsWaiting()).isZero();
  }

  @Test
  void storeFresh_token_isCachedWithATimer() throws Exception {
    loaded(REQUEST);
    AccessToken fresh = new AccessToken("fresh", TokenRig.START.plusSeconds(3600));
    storeFresh(fresh);

    assertThat(rig.source.get()).isSameAs(fresh);
    assertThat(rig.drops).extracting(drop -> drop.cancelled).containsExactly(true, false);
  }

  @Test
  void storeFresh_expired_isNotCached() throws Exception {
    AccessToken token = loaded(REQUEST);
    storeFresh(new AccessToken("late", TokenRig.START));

    assertThat(rig.source.get()).isSameAs(token);
  }

  @Test
  void storeFresh_closed_isNotCached() {
    RefreshingToken<AccessToken> refreshing = rig.token(REQUEST);
    rig.cache.close();
    refreshing
        .entry()
        .storeFresh(
            refreshing.entry().nextLoad(),
            new AccessToken("late", TokenRig.START.plusSeconds(3600)));

    assertThat(rig.drops).isEmpty();
    assertThatThrownBy(rig.source::get).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void storeFresh_whileARefreshIsInFlight_isNotReplacedByIt() throws Exception {
    loaded(REQUEST);
    rig.advance(Duration.ofSeconds(3050));
    rig.source.get();
    AccessToken fresh = new AccessToken("fresh", rig.instant().plusSeconds(3600));
    storeFresh(fresh);
    rig.runRequest();

    assertThat(rig.source.get()).isSameAs(fresh);
  }

  @Test
  void storeFresh_requestedBeforeTheCachedTokenOrTheInvalidation_isNotCached() throws Exception {
    RefreshingToken<AccessToken> refreshing = rig.token(REQUEST);
    AccessToken late = new AccessToken("late", TokenRig.START.plusSeconds(3600));
    long before = refreshing.entry().nextLoad();
    AccessToken cached = loaded(REQUEST);
    refreshing.entry().storeFresh(before, late);
    assertThat(rig.source.get()).isSameAs(cached);

    before = refreshing.entry().nextLoad();
    rig.cache.invalidate(REQUEST);
    refreshing.entry().storeFresh(before, late);
    assertThat(rig.cache.getIfUsable(REQUEST)).isNull();
  }

  /** google-auth gives a token of the metadata server a new expiry each time. */
  @ParameterizedTest
  @ValueSource(ints = {0, 300})
  void get_refreshReturnsTheSameToken_keepsItsExpiryAndDelaysTheNext(int later) throws Exception {
    AccessToken first = loaded(REQUEST);
    rig.fixedToken = new AccessToken(first.token(), first.expireTime().plusMillis(later));
    rig.advance(Duration.ofSeconds(3050));
    rig.source.get();
    rig.runRequest();

    assertThat(rig.source.get()).isSameAs(first);
    assertThat(rig.requestsWaiting()).isZero();
    rig.advance(Duration.ofMinutes(9));
    assertThat(rig.cache.getIfUsable(REQUEST)).isNull();
  }

  @Test
  void get_clockSetBack_doesNotEvictItself() throws Exception {
    TokenRig small = new TokenRig(1);
    small.advance(Duration.ofHours(-1));
    TokenSource<AccessToken> other = small.source(request(1));
    Waiters<AccessToken> waiter = new Waiters<>(1, other::get);
    small.runRequest();

    assertThat(waiter.result(0).token()).isEqualTo("token-1");
  }

  @Test
  void getIfUsable_clockSetBack_marksTheUse() throws Exception {
    loaded(REQUEST);
    rig.advance(Duration.ofSeconds(-8));
    rig.source.get();

    assertThat(rig.token(REQUEST).entry().lastUse()).isEqualTo(rig.instant().toEpochMilli());
  }

  @Test
  void lastUse_newToken_isItsArrival() throws Exception {
    rig.advance(Duration.ofHours(9));
    loaded(REQUEST);

    assertThat(rig.token(REQUEST).entry().lastUse()).isEqualTo(rig.instant().toEpochMilli());
  }

  @Test
  void invalidate_request_dropsTheToken() throws Exception {
    loaded(REQUEST);
    rig.cache.invalidate(REQUEST.fresh());

    assertThat(rig.cache.getIfUsable(REQUEST)).isNull();
    assertThat(rig.drops.get(0).cancelled).isTrue();
    assertThat(loaded(rig.source).token()).isEqualTo("token-2");
  }

  @Test
  void invalidate_unusedRequest_doesNothing() throws Exception {
    AccessToken token = loaded(REQUEST);
    rig.cache.invalidate(request(1));

    assertThat(rig.cache.getIfUsable(REQUEST)).isSameAs(token);
  }

  /** Caches ten tokens; the token source of the rig itself is not used. */
  @Test
  void get_tooMany_evictsTheLongestIdle() throws Exception {
    for (int i = 0; i < 10; i++) {
      loaded(request(i));
      rig.advance(TWO_SECONDS);
    }
    assertThat(rig.cache.getIfUsable(request(0))).isNotNull();
    rig.advance(TWO_SECONDS);
    loaded(request(10));

    assertThat(rig.cache.getIfUsable(request(0))).isNotNull();
    assertThat(rig.cache.getIfUsable(request(1))).isNull();
    assertThat(rig.cache.getIfUsable(request(2))).isNotNull();
    assertThat(rig.drops.get(1).cancelled).isTrue();
    assertThat(rig.drops.get(2).cancelled).isFalse();
  }

  @Test
  void get_evicted_isANewToken() {
    TokenRig small = new TokenRig(1);
    RefreshingToken<AccessToken> idle = small.token(REQUEST);
    small.token(request(1));

    assertThat(small.token(REQUEST)).isNotSameAs(idle);
  }

  @Test
  void get_cacheClosed_returnsAClosedToken() {
    rig.cache.close();
    RefreshingToken<AccessToken> refreshing = rig.token(request(1));

    assertThatThrownBy(() -> rig.await(refreshing)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void get_evictedTokenOfASource_isLoadedAgainAndShared() throws Exception {
    TokenRig small = new TokenRig(1);
    Waiters<AccessToken> first = new Waiters<>(1, small.source::get);
    small.runRequest();
    first.result(0);
    small.advance(TWO_SECONDS);
    small.token(request(1));
    assertThat(small.cache.getIfUsable(REQUEST)).isNull();
    small.advance(TWO_SECONDS);

    Waiters<AccessToken> again = new Waiters<>(1, small.source::get);
    small.runRequest();
    assertThat(again.result(0).token()).isEqualTo("token-2");
    assertThat(small.cache.getIfUsable(REQUEST))
        .isSameAs(again.result(0))
        .isSameAs(small.source.get());
  }

  @Test
  void get_tooMany_doesNotEvictThoseWithARequestInFlight() throws Exception {
    TokenRig small = new TokenRig(1);
    Waiters<AccessToken> waiter = new Waiters<>(1, small.source::get).parked();
    small.advance(TWO_SECONDS);
    small.token(request(1));
    RefreshingToken<AccessToken> spared = small.token(REQUEST);
    small.runRequest();

    assertThat(waiter.result(0).token()).isEqualTo("token-1");
    assertThat(spared.getIfUsable(0)).isSameAs(waiter.result(0));
    assertThat(small.loads).hasValue(1);
  }

  /** An eviction has two steps; the call runs between them. */
  @Test
  void get_evictedButNotRemoved_loadsItsSuccessor() throws Exception {
    assertThat(rig.token(REQUEST).evict()).isTrue();
    assertThat(loaded(rig.source).token()).isEqualTo("token-1");
  }

  @Test
  void getAsync_evictedButNotRemoved_loadsItsSuccessor() throws Exception {
    assertThat(rig.token(REQUEST).evict()).isTrue();
    List<AccessToken> results = new ArrayList<>();
    TokenSources.getAsync(rig.source, Runnable::run, outcome -> results.add(outcome.get()));
    rig.runRequest();

    assertThat(results).extracting(AccessToken::token).containsExactly("token-1");
  }

  @Test
  void join_evicted_isNull() {
    RefreshingToken<AccessToken> refreshing = rig.token(REQUEST);
    assertThat(refreshing.evict()).isTrue();

    assertThat(rig.await(refreshing)).isNull();
  }
}
