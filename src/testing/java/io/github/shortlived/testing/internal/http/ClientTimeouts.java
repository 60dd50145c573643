package io.github.shortlived.testing.internal.http;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Disconnects HTTP clients that do not send the rest of a request or do not read the response in
 * time; the JDK's server waits forever. It interrupts the thread, which closes the socket that the
 * thread reads or writes. The time that a handler takes does not count.
 */
public final class ClientTimeouts implements AutoCloseable {
  public static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final ThreadLocal<Watch> CURRENT = new ThreadLocal<>();

  private final Duration patience;
  private final ScheduledThreadPoolExecutor timer;

  public ClientTimeouts(Duration patience, ThreadFactory threads) {
    this.patience = patience;
    this.timer = new ScheduledThreadPoolExecutor(1, threads);
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Serves a call on this thread, which waits for its client until {@link #pause}. */
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

  /** Starts the timeout: this thread now waits for the client. */
  static void resume() {
    @Nullable Watch watch = CURRENT.get();
    if (watch != null) {
      watch.begin();
    }
  }

  /** Stops the timeout: this thread now works for the client. */
  static void pause() {
    @Nullable Watch watch = CURRENT.get();
    if (watch != null) {
      watch.end();
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  /** One thread; the lock prevents a late interrupt of the thread's next call. */
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
