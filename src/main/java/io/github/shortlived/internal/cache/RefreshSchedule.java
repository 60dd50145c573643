package io.github.shortlived.internal.cache;

/**
 * Decides what a caller does with a token at an instant. The decision depends only on the times at
 * which the token arrived and expires, and on the jitter of its cache entry. Times are milliseconds
 * of the epoch.
 *
 * <p>A token is usable until a margin before its expiry: 10 seconds, or a twentieth of its lifetime
 * if that is less. Its refresh begins 15 to 25 percent of its lifetime before that. If the clock is
 * earlier than the arrival by more than the margin, it was set back by an unknown amount, so the
 * token is not usable.
 *
 * @param notBefore the earliest time at which the token is usable
 * @param refreshAt the time from which the token is refreshed
 * @param usableUntil the first time at which the token is no longer usable
 * @param retryAt the earliest time of another refresh, after one that failed
 * @param failures the number of refreshes that failed since the token arrived
 */
record RefreshSchedule(
    long notBefore, long refreshAt, long usableUntil, long retryAt, int failures) {
  private static final long MAX_MARGIN = 10_000;
  private static final long MARGIN_DIVISOR = 20;
  private static final double MIN_LEAD = 0.15;
  private static final double JITTERED_LEAD = 0.1;
  private static final long NEVER = Long.MAX_VALUE;

  private static final long INITIAL_DELAY = 1_000;
  private static final long MAX_DELAY = 60_000;
  private static final long MAX_DELAY_DIVISOR = 16;
  private static final int MAX_DOUBLINGS = 6;

  /** What a caller does. */
  enum Decision {
    /** Uses the token. */
    SERVE,
    /** Uses the token, and has it refreshed in the background. */
    SERVE_AND_REFRESH,
    /** Waits for a new token. */
    WAIT
  }

  /**
   * Returns the schedule of a token that has just arrived.
   *
   * @param jitter from 0 to 1, the same for all tokens of a cache entry
   */
  static RefreshSchedule of(long arrival, long expiry, double jitter) {
    long lifetime = Math.max(0, expiry - arrival);
    long margin = Math.min(MAX_MARGIN, lifetime / MARGIN_DIVISOR);
    long usableUntil = expiry - margin;
    long lead = (long) (lifetime * (MIN_LEAD + JITTERED_LEAD * jitter));
    return new RefreshSchedule(arrival - margin, usableUntil - lead, usableUntil, 0, 0);
  }

  /**
   * Decides for a caller whose token must stay usable for a while.
   *
   * @param minimumValidityMillis zero or more
   */
  Decision at(long now, long minimumValidityMillis) {
    long then = now + minimumValidityMillis;
    if (now < notBefore || then >= usableUntil) {
      return Decision.WAIT;
    }
    return then < refreshAt || now < retryAt ? Decision.SERVE : Decision.SERVE_AND_REFRESH;
  }

  /** Returns a schedule that begins no other refresh while one is in flight. */
  RefreshSchedule refreshing() {
    return new RefreshSchedule(notBefore, refreshAt, usableUntil, NEVER, failures);
  }

  /**
   * Delays the next refresh: by a second that doubles with each failure, up to a minute and a
   * sixteenth of the token's lifetime. Half of the delay is jittered.
   */
  RefreshSchedule afterFailure(long now, double jitter) {
    long doubled = INITIAL_DELAY << Math.min(failures, MAX_DOUBLINGS);
    long longest = Math.min(MAX_DELAY, (usableUntil - notBefore) / MAX_DELAY_DIVISOR);
    long delay = (long) (Math.min(doubled, longest) * (1 + jitter) / 2);
    return new RefreshSchedule(notBefore, refreshAt, usableUntil, now + delay, failures + 1);
  }
}
