package io.github.shortlived.internal.cache;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * The virtual clock, which wakes sleepers in the order of their times. Times are milliseconds from
 * zero. Each sleeper has a number and sleeps at most once at a time.
 */
final class EventQueue implements InstantSource {
  private static final int NONE = -1;

  private final int[] first; // The first sleeper of each millisecond.
  private final int[] following; // The next sleeper of the same millisecond.
  private int now;

  EventQueue(int sleepers, Duration length) {
    following = new int[sleepers];
    first = new int[(int) length.toMillis()];
    Arrays.fill(first, NONE);
  }

  /** Wakes a sleeper at a time, unless the simulation ends before. */
  void wake(int sleeper, int time) {
    if (time < first.length) {
      following[sleeper] = first[time];
      first[time] = sleeper;
    }
  }

  /** Lets the time pass from zero to the end. */
  void run(IntConsumer wake) {
    for (now = 0; now < first.length; now++) {
      while (first[now] != NONE) {
        int sleeper = first[now];
        first[now] = following[sleeper];
        wake.accept(sleeper);
      }
    }
  }

  int now() {
    return now;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(now);
  }

  @Override
  public long millis() {
    return now;
  }
}
