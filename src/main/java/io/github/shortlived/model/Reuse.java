package io.github.shortlived.model;

import java.time.Duration;

/**
 * Which kept tokens a request takes: those that stay usable for this long.
 *
 * @param minimumValidityMillis in milliseconds
 */
public record Reuse(long minimumValidityMillis) {
  /** Any that is usable. */
  public static final Reuse ANY = new Reuse(0);

  /** None: longer than any token lives. */
  static final Reuse FRESH = new Reuse(Duration.ofDays(36_500).toMillis());

  /** Those that stay usable for this long, of tokens that live so long. */
  static Reuse atLeast(Duration validity, Duration lifetime) {
    Duration longest = lifetime.multipliedBy(2).dividedBy(3); // Before its refresh begins.
    Checks.request(
        !validity.isNegative() && validity.compareTo(longest) <= 0,
        "minimum validity",
        validity.toString(),
        "it is no more than two thirds of the token's lifetime, here " + longest,
        "ask for a fresh() token, which has all of its life before it");
    return new Reuse(validity.toMillis());
  }

  boolean isAny() {
    return minimumValidityMillis == 0;
  }

  public boolean isFresh() {
    return minimumValidityMillis == FRESH.minimumValidityMillis;
  }

  /** The same for tokens that live so long. */
  Reuse within(Duration lifetime) {
    return isFresh() ? this : atLeast(Duration.ofMillis(minimumValidityMillis), lifetime);
  }

  /** How a request tells it: nothing where it takes any. */
  String describe() {
    if (isAny()) {
      return "";
    }
    return isFresh() ? ", fresh" : ", minimumValidity=" + Duration.ofMillis(minimumValidityMillis);
  }
}
