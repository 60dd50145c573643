package io.github.shortlived;

import java.time.Duration;

/**
 * Which kept tokens a request takes: those that stay usable for this long.
 *
 * @param leastLeft in milliseconds
 */
record Reuse(long leastLeft) {
  /** Any that is usable. */
  static final Reuse USABLE = new Reuse(0);

  /** None: longer than any token lives. */
  static final Reuse NONE = new Reuse(Duration.ofDays(36_500).toMillis());

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

  boolean takesAny() {
    return leastLeft == 0;
  }

  boolean takesNone() {
    return leastLeft == NONE.leastLeft;
  }

  /** The same for tokens that live so long. */
  Reuse within(Duration lifetime) {
    return takesNone() ? this : atLeast(Duration.ofMillis(leastLeft), lifetime);
  }

  /** How a request tells it: nothing where it takes any. */
  String words() {
    if (takesAny()) {
      return "";
    }
    return takesNone() ? ", fresh" : ", minimumValidity=" + Duration.ofMillis(leastLeft);
  }
}
