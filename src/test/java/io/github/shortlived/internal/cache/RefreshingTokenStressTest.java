package io.github.shortlived.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.TokenSource;
import io.github.shortlived.TokenSources;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.BearerToken;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.TokenRequest;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/**
 * Runs many threads with a clock that jumps forward and back, requests that fail, fresh tokens,
 * invalidation, eviction and closing. In any order, no token is returned when it is no longer
 * usable, before it arrives or after its invalidation, at most one request is in flight, and every
 * caller gets a token or a failure.
 */
@Timeout(120) // A lost caller must not stall the build.
class RefreshingTokenStressTest {
  private static final int CALLERS = 16;
  private static final int CALLS = 4_000;
  private static final long START = 1_700_000_000_000L;
  private static final long MINIMUM_VALIDITY_MILLIS = 20_000;
  private static final ThreadLocal<AccessToken> ARRIVING = new ThreadLocal<>();

  private final AtomicLong now = new AtomicLong(START);
  private final AtomicInteger setBacksBegun = new AtomicInteger();
  private final AtomicInteger setBacksEnded = new AtomicInteger();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger maxInFlight = new AtomicInteger();
  private final AtomicInteger loads = new AtomicInteger();
  private final Random loadRandom = new Random(1); // For the one request in flight.
  private final Map<AccessToken, Span> usable = new ConcurrentHashMap<>();
  private final AtomicLong order = new AtomicLong();
  private final Map<AccessToken, Long> invalidated = new ConcurrentHashMap<>();
  private volatile boolean closed;
  private final ExecutorService requests = Executors.newFixedThreadPool(4);
  private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
  private final TokenCache cache =
      new TokenCache(
          1, // A request for another token evicts the entry.
          this::load,
          new CacheThreads(requests, (task, delay) -> () -> {}, () -> {}),
          this::time,
          () -> 0.5);
  private final TokenRequest<AccessToken> other = TokenRig.REQUEST.lifetime(Duration.ofMinutes(5));
  private final TokenSource<AccessToken> source = TokenSources.create(cache, TokenRig.REQUEST);
  private final TokenSource<AccessToken> lasting =
      TokenSources.create(
          cache, TokenRig.REQUEST.minimumValidity(Duration.ofMillis(MINIMUM_VALIDITY_MILLIS)));

  /** The time in which a token may be returned. */
  private record Span(long begin, long end) {}

  @AfterEach
  void stop() {
    callers.shutdownNow();
    requests.shutdownNow();
  }

  /** Returns the time. The cache reads it right after a token arrives. */
  private Instant time() {
    long read = now.get();
    AccessToken token = ARRIVING.get();
    if (token != null) {
      long expiry = token.expireTime().toEpochMilli();
      long margin = Math.min(10_000, Math.max(0, expiry - read) / 20);
      usable.put(token, new Span(read - margin, expiry - margin));
      ARRIVING.remove();
    }
    return Instant.ofEpochMilli(read);
  }

  @SuppressWarnings("unchecked")
  private <T extends BearerToken> T load(TokenRequest<T> request, boolean refresh) {
    assertThat(request).isEqualTo(TokenRig.REQUEST);
    return (T) tokenOrFailure();
  }

  private AccessToken tokenOrFailure() {
    maxInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
    try {
      if (loadRandom.nextInt(4) == 0) {
        throw InternalExceptions.translate(new ConnectException("Refused"), "Requesting");
      }
      return token(1 + loadRandom.nextInt(600));
    } finally {
      inFlight.decrementAndGet();
    }
  }

  private AccessToken token(int seconds) {
    Instant expiry = Instant.ofEpochMilli(now.get()).plusSeconds(seconds);
    AccessToken token = new AccessToken("token-" + loads.incrementAndGet(), expiry);
    ARRIVING.set(token);
    return token;
  }

  @RepeatedTest(5)
  void get_manyThreadsJumpingClockAndFailures_keepsEveryRule() throws Exception {
    Tally tally = callAll(i -> {});

    assertThat(tally.served() + tally.failed()).isEqualTo(CALLERS * CALLS);
    assertThat(tally.served()).isGreaterThan(tally.failed());
    assertThat(maxInFlight).hasValue(1);
    assertThat(loads.get()).isBetween(2, tally.served());
    assertThat(invalidated).hasSizeGreaterThan(1);
  }

  @RepeatedTest(20)
  void close_whileManyThreadsCall_returnsNoTokenAfterwards() throws Exception {
    Tally tally =
        callAll(
            i -> {
              if (i == CALLS / 10) {
                cache.close();
                closed = true;
              }
            });

    assertThat(tally.refused()).isGreaterThanOrEqualTo(CALLS - CALLS / 10);
    assertThatThrownBy(source::get).isInstanceOf(IllegalStateException.class);
    assertThat(TokenSources.getIfUsable(source)).isNull();
  }

  /** Counts the results of calls. */
  private record Tally(int served, int failed, int refused) {
    Tally plus(Tally more) {
      return new Tally(served + more.served, failed + more.failed, refused + more.refused);
    }
  }

  private Tally callAll(IntConsumer beforeCallsOfTheFirst) throws Exception {
    List<Future<Tally>> all = new ArrayList<>();
    for (int caller = 0; caller < CALLERS; caller++) {
      Random random = new Random(caller);
      IntConsumer first = caller == 0 ? beforeCallsOfTheFirst : i -> {};
      all.add(callers.submit(() -> calls(random, first)));
    }
    Tally total = new Tally(0, 0, 0);
    for (Future<Tally> each : all) {
      total = total.plus(each.get());
    }
    return total;
  }

  private Tally calls(Random random, IntConsumer before) {
    Tally tally = new Tally(0, 0, 0);
    for (int i = 0; i < CALLS; i++) {
      before.accept(i);
      tally = tally.plus(call(random));
    }
    return tally;
  }

  private Tally call(Random random) {
    boolean afterClosing = closed;
    boolean withMinimumValidity = random.nextInt(4) == 0;
    long began = order.incrementAndGet();
    int setBacks = setBacksEnded.get();
    long before = now.get();
    try {
      AccessToken token = (withMinimumValidity ? lasting : source).get();
      long after = now.get();
      assertThat(afterClosing).isFalse();
      if (setBacks == setBacksBegun.get()) { // Otherwise the times cannot be compared.
        Span span = Objects.requireNonNull(usable.get(token));
        assertThat(span.begin()).isLessThanOrEqualTo(after);
        assertThat(span.end())
            .isGreaterThan(before + (withMinimumValidity ? MINIMUM_VALIDITY_MILLIS : 0));
      }
      assertThat(invalidated.getOrDefault(token, Long.MAX_VALUE)).isGreaterThan(began);
      disturb(random, token);
      return new Tally(1, 0, 0);
    } catch (CredentialException e) {
      return new Tally(0, 1, 0);
    } catch (IllegalStateException refused) {
      return new Tally(0, 0, 1);
    }
  }

  private void disturb(Random random, AccessToken token) {
    switch (random.nextInt(50)) {
      case 0 -> invalidate(token);
      case 1 -> now.addAndGet(random.nextInt(60_000));
      case 2 -> now.addAndGet(random.nextInt(600_000));
      case 3 -> offer();
      case 4 -> cache.get(other);
      case 5 -> setBack(random.nextInt(600_000));
      default -> now.addAndGet(random.nextInt(100));
    }
  }

  private void invalidate(AccessToken token) {
    source.invalidate(token);
    invalidated.putIfAbsent(token, order.incrementAndGet());
  }

  /** Offers a token, as a request for a fresh token does. */
  private void offer() {
    CachedToken<AccessToken> entry = cache.get(TokenRig.REQUEST).entry();
    entry.storeFresh(entry.nextLoad(), token(60));
  }

  private void setBack(int milliseconds) {
    setBacksBegun.incrementAndGet();
    now.addAndGet(-milliseconds);
    setBacksEnded.incrementAndGet();
  }
}
