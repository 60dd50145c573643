package io.github.shortlived.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The time of an emulator, which a test moves: tokens expire by it, conditions lapse, quotas refill
 * and policy changes take effect.
 *
 * <p>It shows the time of the source given to {@link EmulatorBuilder#clock}, the system's unless
 * one was given, plus what the test moved it by. So it ticks by default, and stands still over
 * {@code InstantSource.fixed(instant)}. {@link IamEmulator#reset} takes the moves back.
 *
 * <p>Safe for concurrent use; nothing blocks.
 */
public final class EmulatorClock implements InstantSource {
  /** What timestamps can hold, with room for the lifetime of what is issued last. */
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

  private static final Instant LAST = Instant.parse("9000-01-01T00:00:00Z");
  private static final Duration LONGEST = Duration.between(FIRST, LAST);

  private final InstantSource base;
  private final AtomicReference<Duration> offset = new AtomicReference<>(Duration.ZERO);

  EmulatorClock(InstantSource base) {
    this.base = base;
  }

  /**
   * Moves the time on.
   *
   * @param by how far, zero or more
   * @throws IllegalArgumentException if it is negative, or leads beyond the year 9000
   */
  public void advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException(
          by + " is negative: advance goes forward, set(Instant) goes anywhere");
    }
    if (by.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(by + " leads beyond " + LAST + ": give less");
    }
    offset.updateAndGet(before -> within(before.plus(by)));
  }

  /**
   * Moves the time to an instant, ahead or back. From there it ticks on or stands as before.
   *
   * @param now the time it shall be, in the years 1 to 9000
   * @throws IllegalArgumentException if it is out of that range
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
      throw new IllegalArgumentException(time + " is out of range: give " + FIRST + " to " + LAST);
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
