package io.github.shortlived.internal.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/** The delays between probes: they grow from 1 to 15 seconds, with jitter. For one thread. */
public final class ProbeBackoff {
  private final DoubleSupplier random;
  private double millis = 1_000;

  public ProbeBackoff() {
    this(() -> ThreadLocalRandom.current().nextDouble());
  }

  ProbeBackoff(DoubleSupplier random) {
    this.random = random;
  }

  /** Returns a random delay of 50 to 100 % of the current one, then increases the current one. */
  Duration next() {
    Duration delay = Duration.ofMillis((long) (millis * (1 - random.getAsDouble() / 2)));
    millis = Math.min(millis * 1.5, 15_000);
    return delay;
  }
}
