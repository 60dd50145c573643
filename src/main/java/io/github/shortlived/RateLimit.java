package io.github.shortlived;

import com.google.common.util.concurrent.RateLimiter;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Limits the requests per minute of all threads that share it. They wait in a fair queue, so that
 * at most one of them uses a permit after its run has ended. Thread-safe.
 *
 * @param perMinute the largest number of requests in any minute
 * @param limiter blocks until the next request may be sent
 * @param queue the other threads that wait
 */
record RateLimit(int perMinute, Runnable limiter, ReentrantLock queue) {
  // In any minute, RateLimiter also allows what it saved up in the second before.
  private static final double SECONDS = 61;

  static RateLimit of(int perMinute) {
    RateLimiter limiter = limiter(perMinute);
    return new RateLimit(perMinute, limiter::acquire, new ReentrantLock(true));
  }

  static RateLimiter limiter(int perMinute) {
    return RateLimiter.create(perMinute / SECONDS);
  }

  RateLimit withLimiter(Runnable other) {
    return new RateLimit(perMinute, other, queue);
  }

  /** Blocks until the next request may be sent, or returns because the run has ended. */
  void acquire(BooleanSupplier isRunning) {
    queue.lock();
    try {
      if (isRunning.getAsBoolean()) {
        limiter.run();
      }
    } finally {
      queue.unlock();
    }
  }
}
