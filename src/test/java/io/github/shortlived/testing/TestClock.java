package io.github.shortlived.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that changes only when a test moves it. */
public final class TestClock implements InstantSource {
  private volatile Instant now;

  private TestClock(Instant start) {
    this.now = start;
  }

  public static TestClock startingAt(String instant) {
    return new TestClock(Instant.parse(instant));
  }

  public synchronized void advance(Duration by) {
    now = now.plus(by);
  }

  @Override
  public Instant instant() {
    return now;
  }
}
