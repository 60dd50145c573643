package io.github.shortlived.internal.policy;

import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.model.ServiceAccount;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * One fair lock per account, so that threads of this process do not conflict when they edit the
 * same policy. The lock is held for one attempt, never during a retry delay. Thread-safe.
 */
final class AccountLocks {
  // A lock that no thread holds or waits for is garbage-collected.
  private final LoadingCache<ServiceAccount, Semaphore> locks =
      CacheBuilder.newBuilder()
          .weakValues()
          .build(CacheLoader.from(() -> new Semaphore(1, /* fair= */ true)));

  /**
   * Makes the attempt under the account's lock. At the deadline, or if the thread is interrupted,
   * makes it without the lock: the call then fails for that reason.
   */
  <T> T runExclusively(ServiceAccount account, Deadline deadline, Retrier.Attempt<T> attempt)
      throws Exception {
    Semaphore lock = locks.getUnchecked(account);
    boolean acquired = acquire(lock, deadline);
    try {
      return attempt.call(deadline);
    } finally {
      if (acquired) {
        lock.release();
      }
    }
  }

  private static boolean acquire(Semaphore lock, Deadline deadline) {
    try {
      return lock.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
