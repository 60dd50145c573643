package io.github.shortlived.internal.cache;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads of our own, all daemons; none is started before there is work for it. */
public final class CacheThreads {
  private static final int MOST_REQUESTS_AT_ONCE = 64;
  private static final long IDLE_SECONDS = 10;

  private final ScheduledThreadPoolExecutor watchdogs = watchdogs();
  private final ThreadPoolExecutor requests = upTo(MOST_REQUESTS_AT_ONCE, "request");

  Executor requests() {
    return requests;
  }

  /** A {@link Timer}. */
  Runnable schedule(Runnable task, Duration delay) {
    ScheduledFuture<?> scheduled =
        watchdogs.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    return () -> scheduled.cancel(false);
  }

  static double jitter() {
    return ThreadLocalRandom.current().nextDouble();
  }

  void stop() {
    watchdogs.shutdownNow();
    requests.shutdownNow();
  }

  private static ScheduledThreadPoolExecutor watchdogs() {
    ScheduledThreadPoolExecutor watchdogs = new ScheduledThreadPoolExecutor(1, daemons("watchdog"));
    watchdogs.setRemoveOnCancelPolicy(true);
    return watchdogs;
  }

  /** So many threads at most; idle ones end. */
  public static ThreadPoolExecutor upTo(int most, String purpose) {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            most,
            most,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            daemons(purpose));
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  private static ThreadFactory daemons(String purpose) {
    return task -> {
      Thread thread = new Thread(task, "short-lived-credentials-" + purpose);
      thread.setDaemon(true);
      return thread;
    };
  }
}
