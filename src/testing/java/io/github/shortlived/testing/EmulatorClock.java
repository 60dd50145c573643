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
  private final InstantSource base;
  private final AtomicReference<Duration> offset = new AtomicReference<>(Duration.ZERO);

  EmulatorClock(InstantSource base) {
    this.base = base;
  }

  /**
   * Moves the time on.
   *
   * @param by how far, zero or more
   * @throws IllegalArgumentException if it is negative
   */
  public void advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException(
          by + " is negative: advance goes forward, set(Instant) goes anywhere");
    }
    offset.updateAndGet(by::plus);
  }

  /**
   * Moves the time to an instant, ahead or back. From there it ticks on or stands as before.
   *
   * @param now the time it shall be
   */
  public void set(Instant now) {
    offset.set(Duration.between(base.instant(), now));
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
