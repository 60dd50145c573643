package io.github.shortlived.internal.policy;

import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.model.ServiceAccount;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets those who edit the same policy through one {@link Grants} do so in turn: side by side they
 * would only overtake each other and repeat. A turn is one attempt, so that nobody waits while
 * another backs off. Thread-safe.
 */
final class AccountLocks {
  // A turn that nobody holds or waits for is forgotten.
  private final LoadingCache<ServiceAccount, Semaphore> turns =
      CacheBuilder.newBuilder()
          .weakValues()
          .build(CacheLoader.from(() -> new Semaphore(1, /* fair= */ true)));

  /** Makes the attempt when it is this thread's turn, or at the deadline or an interruption. */
  <T> T runExclusively(ServiceAccount account, Deadline deadline, Retrier.Attempt<T> attempt)
      throws Exception {
    Semaphore turn = turns.getUnchecked(account);
    boolean taken = taken(turn, deadline);
    try {
      return attempt.call(deadline);
    } finally {
      if (taken) {
        turn.release();
      }
    }
  }

  /**
   * Whoever waits in vain goes on to the call, which then fails as it does at any other time: there
   * is no time left for it, or the thread is interrupted.
   */
  private static boolean taken(Semaphore turn, Deadline deadline) {
    try {
      return turn.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
