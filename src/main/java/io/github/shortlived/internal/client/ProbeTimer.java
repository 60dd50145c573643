package io.github.shortlived.internal.client;

import com.google.common.collect.Comparators;
import io.github.shortlived.internal.text.Phrases;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;

/** The time of one wait that probes until a change takes effect. For one thread. */
public final class ProbeTimer {
  private final Duration timeout;
  private final InstantSource clock;
  private final Consumer<Duration> sleeper;
  private final Instant start;

  /**
   * Starts a wait.
   *
   * @param sleeper waits between two probes; if interrupted, it keeps the interrupt status
   */
  public ProbeTimer(Duration timeout, InstantSource clock, Consumer<Duration> sleeper) {
    this.timeout = timeout;
    this.clock = clock;
    this.sleeper = sleeper;
    this.start = clock.instant();
  }

  /** Returns the time since the start. */
  public Duration elapsed() {
    return Duration.between(start, clock.instant());
  }

  /** Returns the time since the start for a message, in whole seconds. */
  public String elapsedText() {
    return Phrases.exact(elapsed().truncatedTo(ChronoUnit.SECONDS));
  }

  /** Returns the time until the timeout; zero after it. */
  public Duration left() {
    Duration passed = Comparators.max(elapsed(), Duration.ZERO); // The clock may be set back.
    return Comparators.max(timeout.minus(passed), Duration.ZERO);
  }

  /** Returns the next delay, which ends at the timeout at the latest. */
  public Duration next(ProbeBackoff backoff) {
    return Comparators.min(backoff.next(), left());
  }

  /** Waits between two probes. */
  public void sleep(Duration delay) {
    sleeper.accept(delay);
  }

  /** Returns whether the waiting thread is interrupted. */
  public static boolean isInterrupted() {
    return Thread.currentThread().isInterrupted();
  }
}
