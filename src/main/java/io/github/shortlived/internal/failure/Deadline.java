package io.github.shortlived.internal.failure;

import com.google.api.core.ApiClock;
import java.time.Duration;

/** When a call must be complete, by this clock. Each of its steps reads the remaining time. */
public record Deadline(ApiClock clock, long endNanos) {
  private static final Duration SHORTEST = Duration.ofMillis(1);

  public static Deadline after(Duration timeout, ApiClock clock) {
    return new Deadline(clock, clock.nanoTime() + timeout.toNanos());
  }

  /** {@return the remaining time; at least a millisecond, because zero means no limit} */
  public Duration remaining() {
    Duration left = Duration.ofNanos(endNanos - clock.nanoTime());
    return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
  }
}
