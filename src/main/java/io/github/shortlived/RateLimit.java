package io.github.shortlived;

import com.google.common.util.concurrent.RateLimiter;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * How many requests are made in a minute, by all who share this. They wait one after the other, so
 * that of those who are told to stop one alone has taken a turn. Thread-safe.
 *
 * @param perMinute the most, in whichever minute
 * @param turn blocks until the next one may be made
 * @param queue where the others wait
 */
record RateLimit(int perMinute, Runnable turn, ReentrantLock queue) {
  // RateLimiter lets through what was saved up in a second before, on top of a minute's.
  private static final double SECONDS = 61;

  static RateLimit of(int perMinute) {
    RateLimiter limiter = limiter(perMinute);
    return new RateLimit(perMinute, limiter::acquire, new ReentrantLock(true));
  }

  /** Lets no more through than this, in whichever minute. */
  static RateLimiter limiter(int perMinute) {
    return RateLimiter.create(perMinute / SECONDS);
  }

  /** The same by another clock. */
  RateLimit withLimiter(Runnable turn) {
    return new RateLimit(perMinute, turn, queue);
  }

  /** Blocks until it is this thread's turn, or it need not go on. */
  void await(BooleanSupplier goesOn) {
    queue.lock();
    try {
      if (goesOn.getAsBoolean()) {
        turn.run();
      }
    } finally {
      queue.unlock();
    }
  }
}
