package io.github.shortlived.testing;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hangs up on HTTP clients that keep a thread waiting: for the rest of a request, or until they
 * read the answer. The JDK's server would wait for ever. An interrupt does it, for it closes the
 * socket that the thread reads or writes. Time spent on the answer does not count.
 */
final class StalledClients implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final ThreadLocal<Watch> CURRENT = new ThreadLocal<>();

  private final Duration patience;
  private final ScheduledThreadPoolExecutor timer;

  StalledClients(Duration patience, ThreadFactory threads) {
    this.patience = patience;
    this.timer = new ScheduledThreadPoolExecutor(1, threads);
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Serves a call on this thread, which waits for its client until told otherwise. */
  void watch(Runnable call) {
    Watch watch = new Watch(Thread.currentThread());
    CURRENT.set(watch);
    try {
      watch.begin();
      call.run();
    } finally {
      watch.end();
      CURRENT.remove();
    }
  }

  /** From here on this thread waits for the client. */
  static void waiting() {
    @Nullable Watch watch = CURRENT.get();
    if (watch != null) {
      watch.begin();
    }
  }

  /** From here on it does not. */
  static void busy() {
    @Nullable Watch watch = CURRENT.get();
    if (watch != null) {
      watch.end();
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  /** One thread; its lock keeps a late interrupt from striking the thread's next work. */
  private final class Watch {
    private final Thread thread;
    private @Nullable Future<?> limit;

    Watch(Thread thread) {
      this.thread = thread;
    }

    synchronized void begin() {
      if (!timer.isShutdown()) {
        limit = timer.schedule(this::cut, patience.toNanos(), TimeUnit.NANOSECONDS);
      }
    }

    synchronized void end() {
      if (limit != null) {
        limit.cancel(false);
        limit = null;
      }
    }

    private synchronized void cut() {
      if (limit != null) {
        limit = null;
        thread.interrupt();
      }
    }
  }
}
