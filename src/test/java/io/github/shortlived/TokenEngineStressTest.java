package io.github.shortlived;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/**
 * Many threads, a clock that leaps, requests that fail, fresh tokens, evictions: whatever the
 * order, no token is served past its usable end, no two requests are under way, and every caller
 * gets a token or a failure.
 */
@Timeout(120) // A lost caller must not stall the build.
class TokenEngineStressTest {
  private static final int CALLERS = 16;
  private static final int CALLS = 4_000;
  private static final long START = 1_700_000_000_000L;

  private final AtomicLong now = new AtomicLong(START);
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger mostUnderWay = new AtomicInteger();
  private volatile AccessToken newest = new AccessToken("none", Instant.EPOCH);
  private final AtomicInteger minted = new AtomicInteger();
  private final Random luck = new Random(1); // Of the one request under way.
  private final Map<String, Long> usableEnds = new ConcurrentHashMap<>();
  private final ExecutorService requests = Executors.newFixedThreadPool(4);
  private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
  private final TokenCache cache =
      new TokenCache(
          1, // Whoever asks for something else has the entry evicted.
          new Surroundings(
              () -> Instant.ofEpochMilli(now.get()),
              requests,
              (task, delay) -> () -> {},
              this::arrived),
          () -> {});
  private final Recipe<AccessToken> recipe = new Recipe<>(TokenRig.REQUEST, ahead -> mint());
  private final Recipe<AccessToken> other =
      new Recipe<>(
          TokenRig.REQUEST.lifetime(Duration.ofMinutes(5)),
          ahead -> {
            throw new AssertionError("Nobody asks for it");
          });
  private final TokenSource<AccessToken> source = new TokenSource<>(cache, recipe, Reuse.USABLE);

  @AfterEach
  void stop() {
    callers.shutdownNow();
    requests.shutdownNow();
  }

  private AccessToken mint() {
    mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
    try {
      if (luck.nextInt(4) == 0) {
        throw CredentialException.from(new ConnectException("Refused"), "Asking", List.of());
      }
      Instant expiry = Instant.ofEpochMilli(now.get()).plusSeconds(1 + luck.nextInt(600));
      newest = new AccessToken("token-" + minted.incrementAndGet(), expiry);
      return newest;
    } finally {
      underWay.decrementAndGet();
    }
  }

  /** The jitter, drawn right after the arrival was read off the clock: the end is no later. */
  private double arrived() {
    AccessToken token = newest;
    long expiry = token.expireTime().toEpochMilli();
    long life = Math.max(0, expiry - now.get());
    usableEnds.putIfAbsent(token.token(), expiry - Math.min(10_000, life / 20));
    return 0.5;
  }

  @RepeatedTest(5)
  void get_manyThreadsLeapingClockAndFailures_keepsEveryRule() throws Exception {
    List<Future<int[]>> all = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      Random own = new Random(i);
      all.add(callers.submit(() -> call(own)));
    }
    int served = 0;
    int failed = 0;
    for (Future<int[]> each : all) {
      served += each.get()[0];
      failed += each.get()[1];
    }

    assertThat(served + failed).isEqualTo(CALLERS * CALLS);
    assertThat(served).isGreaterThan(failed);
    assertThat(mostUnderWay).hasValue(1);
    assertThat(minted.get()).isBetween(2, served);
  }

  private int[] call(Random own) {
    int[] servedAndFailed = new int[2];
    for (int i = 0; i < CALLS; i++) {
      long before = now.get();
      try {
        AccessToken token = source.get();
        assertThat(usableEnds.get(token.token())).isGreaterThan(before);
        servedAndFailed[0]++;
        upset(own, token);
      } catch (CredentialException e) {
        servedAndFailed[1]++;
      }
    }
    return servedAndFailed;
  }

  /** As whoever asked for a fresh token; of these the true end is watched. */
  private void offer() {
    TokenEngine<AccessToken> engine = cache.engine(recipe);
    long number = engine.begin();
    Instant expiry = Instant.ofEpochMilli(now.get()).plusSeconds(60);
    AccessToken token = new AccessToken("fresh-" + minted.incrementAndGet(), expiry);
    usableEnds.put(token.token(), expiry.toEpochMilli());
    engine.offer(number, token);
  }

  private void upset(Random own, AccessToken token) {
    switch (own.nextInt(50)) {
      case 0 -> source.invalidate(token);
      case 1 -> now.addAndGet(own.nextInt(60_000));
      case 2 -> now.addAndGet(own.nextInt(600_000));
      case 3 -> offer();
      case 4 -> cache.engine(other);
      default -> now.addAndGet(own.nextInt(100));
    }
  }
}
