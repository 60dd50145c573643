package io.github.shortlived.internal.cache;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a cache.
 *
 * @param executor loads tokens
 * @param timer drops expired tokens
 * @param stop stops the threads that belong to the cache
 */
public record CacheThreads(Executor executor, Timer timer, Runnable stop) {
  private static final int MAX_CONCURRENT_LOADS = 64;
  private static final long IDLE_SECONDS = 10;

  /** Runs a task after a delay on a monotonic clock; replaced in tests. */
  public interface Timer {
    /** Schedules a task, which must not block. Returns what cancels it. */
    Runnable schedule(Runnable task, Duration delay);
  }

  /**
   * Creates daemon threads, each of which starts with its first task.
   *
   * @param executor loads tokens in place of threads of the cache, and is never stopped
   */
  public static CacheThreads daemons(@Nullable Executor executor) {
    ThreadPoolExecutor loads = pool(MAX_CONCURRENT_LOADS, "request");
    ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, daemonsNamed("timer"));
    timer.setRemoveOnCancelPolicy(true);
    return new CacheThreads(
        executor == null ? loads : executor,
        (task, delay) -> {
          ScheduledFuture<?> scheduled =
              timer.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
          return () -> scheduled.cancel(false);
        },
        () -> {
          timer.shutdownNow();
          loads.shutdownNow();
        });
  }

  /** Creates a pool of daemon threads, which end when they are idle. */
  public static ThreadPoolExecutor pool(int maxThreads, String purpose) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            maxThreads,
            maxThreads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            daemonsNamed(purpose));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static ThreadFactory daemonsNamed(String purpose) {
    return new ThreadFactoryBuilder()
        .setNameFormat("short-lived-credentials-" + purpose)
        .setDaemon(true)
        .build();
  }
}
