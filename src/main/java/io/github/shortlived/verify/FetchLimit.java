package io.github.shortlived.verify;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;

/** Limits fetches to five a minute. Guarded by the lock of its key set. */
final class FetchLimit {
  static final int MAX_FETCHES = 5;
  static final Duration PERIOD = Duration.ofMinutes(1);

  private final ArrayDeque<Instant> recent = new ArrayDeque<>();

  /** Returns whether another fetch is allowed. */
  boolean allows(Instant now) {
    // A time in the future is from before the clock was set back.
    recent.removeIf(fetch -> fetch.isAfter(now) || !fetch.plus(PERIOD).isAfter(now));
    return recent.size() < MAX_FETCHES;
  }

  void record(Instant now) {
    if (allows(now)) {
      recent.add(now);
    }
  }
}
