package io.github.shortlived.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.TokenSource;
import io.github.shortlived.TokenSources;
import io.github.shortlived.Waiters;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
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

/** Which of many tokens are kept, and for whom. Up to ten, unless a test says otherwise. */
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

  /** The token of this source, asked for by another thread, as this one makes the request. */
  private AccessToken minted(TokenSource<AccessToken> source) throws Exception {
    Waiters<AccessToken> waiter = new Waiters<>(1, source::get);
    rig.runRequest();
    return waiter.answer(0);
  }

  private AccessToken minted(AccessTokenRequest request) throws Exception {
    return minted(rig.source(request));
  }

  private void offer(AccessToken token) {
    RefreshingToken<AccessToken> engine = rig.engine(REQUEST);
    engine.entry().storeFresh(engine.entry().nextLoad(), token);
  }

  @Test
  void served_keptToken_isThatOfEqualRequestsAlone() throws Exception {
    AccessToken token = minted(REQUEST);

    assertThat(
            rig.cache.getIfUsable(AccessTokenRequest.of(REQUEST.target(), Scopes.CLOUD_PLATFORM)))
        .isSameAs(token);
    assertThat(rig.cache.getIfUsable(REQUEST.lifetime(Duration.ofMinutes(59)))).isNull();
    assertThat(rig.cache.getIfUsable(request(1))).isNull();
  }

  @Test
  void served_fresh_takesNone() throws Exception {
    minted(REQUEST);

    assertThat(rig.cache.getIfUsable(REQUEST.fresh())).isNull();
  }

  @Test
  void served_minimumValidity_takesWhatLastsThatLong() throws Exception {
    AccessToken token = minted(REQUEST);
    rig.advance(Duration.ofSeconds(2989));

    assertThat(rig.cache.getIfUsable(REQUEST.minimumValidity(Duration.ofMinutes(10))))
        .isSameAs(token);
    rig.advance(Duration.ofSeconds(1));
    assertThat(rig.cache.getIfUsable(REQUEST.minimumValidity(Duration.ofMinutes(10)))).isNull();
    assertThat(rig.cache.getIfUsable(REQUEST)).isSameAs(token);
  }

  @Test
  void get_minimumValidityMissed_waitsForAnotherForAll() throws Exception {
    minted(REQUEST);
    rig.advance(Duration.ofMinutes(50));
    TokenSource<AccessToken> lasting = rig.source(REQUEST.minimumValidity(Duration.ofMinutes(30)));

    assertThat(minted(lasting).token()).isEqualTo("token-2");
    assertThat(rig.source.get().token()).isEqualTo("token-2");
  }

  @Test
  void get_whatComesLastsTooShort_asksOnceMoreAndSaysSo() throws Exception {
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
    assertThat(rig.mints).hasValue(2);
    assertThat(rig.source.get().token()).isEqualTo("token-2");
  }

  @Test
  void getAsync_whatIsUnderWayLastsTooShort_asksOnceMore() throws Exception {
    rig.lifetime = Duration.ofMinutes(20);
    TokenSources.getAsync(rig.source, Runnable::run, outcome -> {});
    TokenSource<AccessToken> lasting = rig.source(REQUEST.minimumValidity(Duration.ofMinutes(30)));
    List<AccessToken> taken = new ArrayList<>();
    TokenSources.getAsync(lasting, Runnable::run, outcome -> taken.add(outcome.get()));
    rig.runRequest();
    assertThat(taken).isEmpty();
    rig.lifetime = Duration.ofHours(1);
    rig.runRequest();

    assertThat(taken).extracting(AccessToken::token).containsExactly("token-2");
    assertThat(rig.requestsWaiting()).isZero();
  }

  @Test
  void getAsync_whatComesLastsTooShortAgain_saysSo() throws Exception {
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
  void getAsync_executorIsLate_asksAgain() throws Exception {
    List<Runnable> late = new ArrayList<>();
    List<AccessToken> taken = new ArrayList<>();
    TokenSources.getAsync(rig.source, late::add, outcome -> taken.add(outcome.get()));
    rig.runRequest();
    rig.advance(Duration.ofHours(2));
    late.remove(0).run();
    assertThat(taken).isEmpty();
    rig.runRequest();
    late.remove(0).run();

    assertThat(taken).extracting(AccessToken::token).containsExactly("token-2");
  }

  @Test
  void getAsync_closedByOneWhoIsTold_tellsTheOthersToo() throws Exception {
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
  void getAsync_executorOfOneFails_tellsItHereAndTheOthers() throws Exception {
    List<String> taken = new ArrayList<>();
    TokenSources.getAsync(
        rig.source,
        task -> {
          throw new OutOfMemoryError("No thread");
        },
        outcome -> taken.add("failing: " + outcome.get().token()));
    TokenSources.getAsync(
        rig.source, Runnable::run, outcome -> taken.add("other: " + outcome.get().token()));
    rig.runRequest();

    assertThat(taken).containsExactlyInAnyOrder("failing: token-1", "other: token-1");
  }

  @Test
  void getAsync_takerFails_isToldOnceAndTheOthersAreTold() throws Exception {
    List<String> taken = new ArrayList<>();
    TokenSources.getAsync(
        rig.source,
        Runnable::run,
        outcome -> {
          taken.add("failing");
          throw new StackOverflowError("Deep");
        });
    TokenSources.getAsync(rig.source, Runnable::run, outcome -> taken.add("other"));
    rig.runRequest();

    assertThat(taken).containsExactlyInAnyOrder("failing", "other");
  }

  @Test
  void costsRequest_untilItIsToBeRenewed_doesNot() throws Exception {
    assertThat(rig.cache.needsLoad(request(1))).isTrue();
    minted(REQUEST);
    rig.advance(Duration.ofSeconds(3049));

    assertThat(rig.cache.needsLoad(REQUEST)).isFalse();
    assertThat(rig.cache.needsLoad(REQUEST.fresh())).isTrue();
    rig.advance(Duration.ofSeconds(1));
    assertThat(rig.cache.needsLoad(REQUEST)).isTrue();
    assertThat(rig.requestsWaiting()).isZero();
  }

  /** As when it came between a caller's two looks. */
  @Test
  void join_usableToken_isWhatItEndedWith() throws Exception {
    AccessToken kept = minted(REQUEST);
    RefreshingToken<AccessToken> engine = rig.engine(REQUEST);

    assertThat(rig.await(engine)).isSameAs(kept);
    assertThat(rig.requestsWaiting()).isZero();
  }

  @Test
  void offer_token_isKeptAndWatched() throws Exception {
    minted(REQUEST);
    AccessToken fresh = new AccessToken("fresh", TokenRig.START.plusSeconds(3600));
    offer(fresh);

    assertThat(rig.source.get()).isSameAs(fresh);
    assertThat(rig.watches).extracting(watch -> watch.dismissed).containsExactly(true, false);
  }

  @Test
  void offer_expired_isNotKept() throws Exception {
    AccessToken token = minted(REQUEST);
    offer(new AccessToken("late", TokenRig.START));

    assertThat(rig.source.get()).isSameAs(token);
  }

  @Test
  void offer_closed_isNotKept() {
    RefreshingToken<AccessToken> engine = rig.engine(REQUEST);
    rig.cache.close();
    engine
        .entry()
        .storeFresh(
            engine.entry().nextLoad(), new AccessToken("late", TokenRig.START.plusSeconds(3600)));

    assertThat(rig.watches).isEmpty();
    assertThatThrownBy(rig.source::get).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void offer_whileARefreshIsUnderWay_isNotReplacedByIt() throws Exception {
    minted(REQUEST);
    rig.advance(Duration.ofSeconds(3050));
    rig.source.get();
    AccessToken fresh = new AccessToken("fresh", rig.instant().plusSeconds(3600));
    offer(fresh);
    rig.runRequest();

    assertThat(rig.source.get()).isSameAs(fresh);
  }

  @Test
  void offer_askedForBeforeTheKeptOneOrTheInvalidation_isNotKept() throws Exception {
    RefreshingToken<AccessToken> engine = rig.engine(REQUEST);
    AccessToken late = new AccessToken("late", TokenRig.START.plusSeconds(3600));
    long before = engine.entry().nextLoad();
    AccessToken kept = minted(REQUEST);
    engine.entry().storeFresh(before, late);
    assertThat(rig.source.get()).isSameAs(kept);

    before = engine.entry().nextLoad();
    rig.cache.invalidate(REQUEST);
    engine.entry().storeFresh(before, late);
    assertThat(rig.cache.getIfUsable(REQUEST)).isNull();
  }

  /** google-auth dates a metadata server's anew each time. */
  @ParameterizedTest
  @ValueSource(ints = {0, 300})
  void get_refreshBringsTheSameToken_keepsItsEndAndAsksLater(int later) throws Exception {
    AccessToken first = minted(REQUEST);
    rig.same = new AccessToken(first.token(), first.expireTime().plusMillis(later));
    rig.advance(Duration.ofSeconds(3050));
    rig.source.get();
    rig.runRequest();

    assertThat(rig.source.get()).isSameAs(first);
    assertThat(rig.requestsWaiting()).isZero();
    rig.advance(Duration.ofMinutes(9));
    assertThat(rig.cache.getIfUsable(REQUEST)).isNull();
  }

  @Test
  void engine_clockSetBack_doesNotEvictItself() throws Exception {
    TokenRig small = new TokenRig(1);
    small.advance(Duration.ofHours(-1));
    TokenSource<AccessToken> other = small.source(request(1));
    Waiters<AccessToken> waiter = new Waiters<>(1, other::get);
    small.runRequest();

    assertThat(waiter.answer(0).token()).isEqualTo("token-1");
  }

  @Test
  void served_clockSetBack_isNotedAsUse() throws Exception {
    minted(REQUEST);
    rig.advance(Duration.ofSeconds(-8));
    rig.source.get();

    assertThat(rig.engine(REQUEST).entry().lastUse()).isEqualTo(rig.instant().toEpochMilli());
  }

  @Test
  void lastUse_tokenThatCame_isItsArrival() throws Exception {
    rig.advance(Duration.ofHours(9));
    minted(REQUEST);

    assertThat(rig.engine(REQUEST).entry().lastUse()).isEqualTo(rig.instant().toEpochMilli());
  }

  @Test
  void invalidate_request_dropsWhateverIsKept() throws Exception {
    minted(REQUEST);
    rig.cache.invalidate(REQUEST.fresh());

    assertThat(rig.cache.getIfUsable(REQUEST)).isNull();
    assertThat(rig.watches.get(0).dismissed).isTrue();
    assertThat(minted(rig.source).token()).isEqualTo("token-2");
  }

  @Test
  void invalidate_requestThatNobodyMade_doesNothing() throws Exception {
    AccessToken token = minted(REQUEST);
    rig.cache.invalidate(request(1));

    assertThat(rig.cache.getIfUsable(REQUEST)).isSameAs(token);
  }

  /** Ten are kept besides the one of the rig's own handle, which nobody uses. */
  @Test
  void engine_tooMany_evictsTheLongestIdle() throws Exception {
    for (int i = 0; i < 10; i++) {
      minted(request(i));
      rig.advance(TWO_SECONDS);
    }
    assertThat(rig.cache.getIfUsable(request(0))).isNotNull();
    rig.advance(TWO_SECONDS);
    minted(request(10));

    assertThat(rig.cache.getIfUsable(request(0))).isNotNull();
    assertThat(rig.cache.getIfUsable(request(1))).isNull();
    assertThat(rig.cache.getIfUsable(request(2))).isNotNull();
    assertThat(rig.watches.get(1).dismissed).isTrue();
    assertThat(rig.watches.get(2).dismissed).isFalse();
  }

  @Test
  void engine_evicted_isForgotten() {
    TokenRig small = new TokenRig(1);
    RefreshingToken<AccessToken> idle = small.engine(REQUEST);
    small.engine(request(1));

    assertThat(small.engine(REQUEST)).isNotSameAs(idle);
  }

  @Test
  void engine_closed_isClosedToo() {
    rig.cache.close();
    RefreshingToken<AccessToken> engine = rig.engine(request(1));

    assertThatThrownBy(() -> rig.await(engine)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void get_evictedHandle_asksAgainAndSharesAgain() throws Exception {
    TokenRig small = new TokenRig(1);
    Waiters<AccessToken> first = new Waiters<>(1, small.source::get);
    small.runRequest();
    first.answer(0);
    small.advance(TWO_SECONDS);
    small.engine(request(1));
    assertThat(small.cache.getIfUsable(REQUEST)).isNull();
    small.advance(TWO_SECONDS);

    Waiters<AccessToken> again = new Waiters<>(1, small.source::get);
    small.runRequest();
    assertThat(again.answer(0).token()).isEqualTo("token-2");
    assertThat(small.cache.getIfUsable(REQUEST))
        .isSameAs(again.answer(0))
        .isSameAs(small.source.get());
  }

  @Test
  void engine_tooMany_sparesThoseWithARequestUnderWay() throws Exception {
    TokenRig small = new TokenRig(1);
    Waiters<AccessToken> waiter = new Waiters<>(1, small.source::get).parked();
    small.advance(TWO_SECONDS);
    small.engine(request(1));
    RefreshingToken<AccessToken> spared = small.engine(REQUEST);
    small.runRequest();

    assertThat(waiter.answer(0).token()).isEqualTo("token-1");
    assertThat(spared.getIfUsable(0)).isSameAs(waiter.answer(0));
    assertThat(small.mints).hasValue(1);
  }

  /** As between the two steps of whoever evicts it. */
  @Test
  void get_evictedEngineStillInPlace_asksItsSuccessor() throws Exception {
    assertThat(rig.engine(REQUEST).evict()).isTrue();
    assertThat(minted(rig.source).token()).isEqualTo("token-1");
  }

  @Test
  void getAsync_evictedEngineStillInPlace_asksItsSuccessor() throws Exception {
    assertThat(rig.engine(REQUEST).evict()).isTrue();
    List<AccessToken> taken = new ArrayList<>();
    TokenSources.getAsync(rig.source, Runnable::run, outcome -> taken.add(outcome.get()));
    rig.runRequest();

    assertThat(taken).extracting(AccessToken::token).containsExactly("token-1");
  }

  @Test
  void await_evictedEngine_isNull() {
    RefreshingToken<AccessToken> engine = rig.engine(REQUEST);
    assertThat(engine.evict()).isTrue();

    assertThat(rig.await(engine)).isNull();
  }
}
