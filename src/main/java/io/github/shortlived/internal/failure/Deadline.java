package io.github.shortlived.internal.failure;

import com.google.api.core.ApiClock;
import java.time.Duration;

/**
 * When a call has to be over, asked anew before each of its steps.
 *
 * @param clock what measures it
 * @param endNanos the clock's reading then
 */
public record Deadline(ApiClock clock, long endNanos) {
  private static final Duration LEAST = Duration.ofMillis(1);

  public static Deadline after(Duration timeout, ApiClock clock) {
    return new Deadline(clock, clock.nanoTime() + timeout.toNanos());
  }

  /** {@return how much time is left; a millisecond when none is, for zero would mean forever} */
  public Duration remaining() {
    Duration left = Duration.ofNanos(endNanos - clock.nanoTime());
    return left.compareTo(LEAST) < 0 ? LEAST : left;
  }
}
