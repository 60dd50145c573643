package io.github.shortlived.grant;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/** The delays between the probes of one hop: growing and jittered. For one thread. */
final class Backoff {
  private static final double GROWTH = 1.5;
  private static final double LONGEST_MILLIS = 15_000;

  private final DoubleSupplier random;
  private double millis = 1_000;

  /** Draws from a generator of numbers from 0 to 1. */
  Backoff(DoubleSupplier random) {
    this.random = random;
  }

  Backoff() {
    this(() -> ThreadLocalRandom.current().nextDouble());
  }

  /** Half to all of a time that grows from 1 to 15 seconds. */
  Duration next() {
    Duration delay = Duration.ofMillis((long) (millis * (1 - random.getAsDouble() / 2)));
    millis = Math.min(millis * GROWTH, LONGEST_MILLIS);
    return delay;
  }
}
