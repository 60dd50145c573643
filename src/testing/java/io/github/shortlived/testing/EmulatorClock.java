package io.github.shortlived.testing;

import io.github.shortlived.internal.text.Phrases;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The clock of an emulator, which decides when tokens expire, conditions hold, quotas refill and
 * policy changes take effect. A test can move it.
 *
 * <p>It shows the time of the source in {@link EmulatorBuilder#clock}, by default the system clock,
 * plus an offset that {@link #advance} and {@link #set} change and {@link IamEmulator#reset}
 * clears.
 *
 * <p>Safe for concurrent use; no method blocks.
 */
public final class EmulatorClock implements InstantSource {
  /** The range of timestamps, with room after it for lifetimes. */
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

  private static final Instant LAST = Instant.parse("9000-01-01T00:00:00Z");
  private static final Duration LONGEST = Duration.between(FIRST, LAST);

  private final InstantSource base;
  private final AtomicReference<Duration> offset = new AtomicReference<>(Duration.ZERO);

  EmulatorClock(InstantSource base) {
    this.base = base;
  }

  /**
   * Moves the clock forward.
   *
   * @param by zero or more
   * @throws IllegalArgumentException if the duration is negative, or the time would be after the
   *     year 9000
   */
  public void advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException(
          Phrases.exact(by) + " is negative: call set(Instant) to move the clock back");
    }
    if (by.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          Phrases.exact(by) + " is too long: the last time is " + LAST);
    }
    offset.updateAndGet(before -> within(before.plus(by)));
  }

  /**
   * Moves the clock forward or back to an instant, from which it continues.
   *
   * @param now in the years 1 to 9000
   * @throws IllegalArgumentException if the instant is out of that range
   */
  public void set(Instant now) {
    Instant start = base.instant();
    offset.set(Duration.between(start, inRange(now)));
  }

  private Duration within(Duration moved) {
    inRange(base.instant().plus(moved));
    return moved;
  }

  private static Instant inRange(Instant time) {
    if (time.isBefore(FIRST) || time.isAfter(LAST)) {
      throw new IllegalArgumentException(time + " is out of range: use " + FIRST + " to " + LAST);
    }
    return time;
  }

  @Override
  public Instant instant() {
    return base.instant().plus(offset.get());
  }

  void reset() {
    offset.set(Duration.ZERO);
  }

  @Override
  public String toString() {
    return "EmulatorClock[" + instant() + "]";
  }
}
