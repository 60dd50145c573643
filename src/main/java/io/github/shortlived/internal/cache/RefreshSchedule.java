package io.github.shortlived.internal.cache;

/**
 * What is to be done about a token at an instant: a pure function of when it came, when it expires,
 * and a jitter drawn once per token. Times are milliseconds of the epoch.
 *
 * <p>A token is usable until its expiry less a margin: 10 seconds, or a twentieth of what it had
 * left to live when it came, if that is less. Its refresh begins 15 to 25 percent of that life
 * before. A clock that shows more than the margin before the token came was set back, and by how
 * much nobody knows: the token is not usable either.
 *
 * @param notBefore the earliest time at which it is usable
 * @param refreshAt from when on it is to be refreshed
 * @param usableUntil the first time at which it is no longer usable
 * @param retryAt the earliest time for another refresh, after one that failed
 * @param failures how many refreshes failed since it came
 */
public record RefreshSchedule(
    long notBefore, long refreshAt, long usableUntil, long retryAt, int failures) {
  private static final long MOST_MARGIN = 10_000;
  private static final long MARGIN_PART = 20;
  private static final double LEAST_LEAD = 0.15;
  private static final double JITTERED_LEAD = 0.1;
  private static final long NEVER = Long.MAX_VALUE;

  private static final long FIRST_DELAY = 1_000;
  private static final long MOST_DELAY = 60_000;
  private static final long DELAY_PART = 16;
  private static final int MOST_DOUBLINGS = 6;

  /** What a caller does. */
  enum Decision {
    /** Takes the token. */
    SERVE,
    /** Takes the token, and has it refreshed in the background. */
    SERVE_AND_REFRESH,
    /** Waits for a new one. */
    WAIT
  }

  /**
   * Of a token that has just come.
   *
   * @param jitter from 0 to 1
   */
  static RefreshSchedule of(long issued, long expiry, double jitter) {
    long life = Math.max(0, expiry - issued);
    long margin = Math.min(MOST_MARGIN, life / MARGIN_PART);
    long usableUntil = expiry - margin;
    long lead = (long) (life * (LEAST_LEAD + JITTERED_LEAD * jitter));
    return new RefreshSchedule(issued - margin, usableUntil - lead, usableUntil, 0, 0);
  }

  /**
   * What a caller does who needs a token that stays usable for a while: its life seems shorter by
   * that.
   *
   * @param leastLeft zero or more
   */
  Decision at(long now, long leastLeft) {
    long then = now + leastLeft;
    if (now < notBefore || then >= usableUntil) {
      return Decision.WAIT;
    }
    return then < refreshAt || now < retryAt ? Decision.SERVE : Decision.SERVE_AND_REFRESH;
  }

  /** While a refresh is under way, nobody is to begin another. */
  RefreshSchedule refreshing() {
    return new RefreshSchedule(notBefore, refreshAt, usableUntil, NEVER, failures);
  }

  /**
   * The next refresh begins after a delay: a second that doubles with each failure, up to a minute
   * and a sixteenth of the token's life; half of it is jittered.
   */
  RefreshSchedule afterFailure(long now, double jitter) {
    long doubled = FIRST_DELAY << Math.min(failures, MOST_DOUBLINGS);
    long most = Math.min(MOST_DELAY, (usableUntil - notBefore) / DELAY_PART);
    long delay = (long) (Math.min(doubled, most) * (1 + jitter) / 2);
    return new RefreshSchedule(notBefore, refreshAt, usableUntil, now + delay, failures + 1);
  }
}
