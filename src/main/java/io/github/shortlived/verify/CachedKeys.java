package io.github.shortlived.verify;

import com.google.common.collect.Comparators;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Keys of one fetch. They are fresh for as long as the server allows, between a minute and a day;
 * five minutes if it does not say. They are refreshed after three quarters of that time.
 *
 * @param byId the keys by their IDs
 * @param fetched when they arrived
 * @param lifetime how long they are fresh
 */
record CachedKeys(Map<String, VerificationKey> byId, Instant fetched, Duration lifetime) {
  private static final Duration MIN_LIFETIME = Duration.ofMinutes(1);
  private static final Duration MAX_LIFETIME = Duration.ofDays(1);
  private static final Duration DEFAULT_LIFETIME = Duration.ofMinutes(5);
  // The clock may be set back this far without a fetch.
  private static final Duration TOLERANCE = Duration.ofMinutes(1);

  static CachedKeys of(
      Map<String, VerificationKey> byId, Instant fetched, Optional<Duration> maxAge) {
    Duration lifetime = maxAge.orElse(DEFAULT_LIFETIME);
    return new CachedKeys(
        Map.copyOf(byId),
        fetched,
        Comparators.min(Comparators.max(lifetime, MIN_LIFETIME), MAX_LIFETIME));
  }

  boolean isFresh(Instant now) {
    return isUsable(now, Duration.ZERO);
  }

  /** Returns whether the keys are fresh, or were so within this time. */
  boolean isUsable(Instant now, Duration maximumStaleness) {
    return now.isAfter(fetched.minus(TOLERANCE))
        && now.isBefore(fetched.plus(lifetime).plus(maximumStaleness));
  }

  boolean isRefreshDue(Instant now) {
    return !now.isBefore(fetched.plus(lifetime.multipliedBy(3).dividedBy(4)));
  }
}
