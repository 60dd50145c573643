package io.github.shortlived.internal.cache;

import java.time.Duration;

/** Does something later, as told by a monotonic clock. Tests let time pass themselves. */
public interface Timer {
  /** Runs a task, which does not block, after the delay; the answer takes it back. */
  Runnable schedule(Runnable task, Duration delay);
}
