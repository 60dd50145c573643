package io.github.shortlived.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.model.AccessToken;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Checks when the tokens of an entry are refreshed, one after another. */
class CachedTokenTest {
  private static final Duration LIFETIME = Duration.ofHours(1);
  private static final int ENTRIES = 10_000;

  private final Random random = new Random(1);
  private Instant now = Instant.EPOCH;

  private CachedToken<AccessToken> entry() {
    InstantSource clock = () -> now;
    return new CachedToken<>(
        LIFETIME, clock, (task, delay) -> () -> {}, random::nextDouble, new ReentrantLock());
  }

  /** Returns the age at which a token of the entry is refreshed that arrives now. */
  private long refreshAge(CachedToken<AccessToken> entry) {
    AccessToken token = new AccessToken("token", now.plus(LIFETIME));
    return entry.schedule(token).schedule().refreshAt() - now.toEpochMilli();
  }

  @Test
  void schedule_tokensOfOneEntry_areRefreshedAtTheSameAge() {
    CachedToken<AccessToken> entry = entry();
    long first = refreshAge(entry);
    now = now.plusMillis(first);

    assertThat(refreshAge(entry)).isEqualTo(first);
  }

  @Test
  void schedule_tokensOfTwoEntries_areRefreshedAtDifferentAges() {
    assertThat(refreshAge(entry())).isNotEqualTo(refreshAge(entry()));
  }

  /** Entries that are filled at the same time cause a peak, which must flatten. */
  @Test
  void schedule_eighthRefreshOfManyEntries_isSpreadOverTheWholeLife() {
    int[] refreshes = new int[24 * 60];
    IntStream.range(0, ENTRIES).forEach(i -> refreshes[minuteOfRefresh(8)]++);

    int even = ENTRIES / 48; // A token is refreshed after 48 minutes on average.
    assertThat(IntStream.of(refreshes).max().orElseThrow()).isBetween(even, even * 3 / 2);
  }

  private int minuteOfRefresh(int number) {
    CachedToken<AccessToken> entry = entry();
    now = Instant.EPOCH;
    for (int i = 0; i < number; i++) {
      now = now.plusMillis(refreshAge(entry));
    }
    return (int) Duration.between(Instant.EPOCH, now).toMinutes();
  }
}
