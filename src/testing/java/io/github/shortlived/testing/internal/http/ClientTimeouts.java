package io.github.shortlived.testing.internal.http;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Disconnects HTTP clients that are too slow to send a request or to read a response; the JDK's
 * server waits forever. It interrupts the thread, which closes the socket that the thread reads or
 * writes. The time of the handler does not count.
 */
public final class ClientTimeouts implements AutoCloseable {
  public static final Duration TIMEOUT = Duration.ofMinutes(1);

  private static final ThreadLocal<Watch> CURRENT = new ThreadLocal<>();

  private final Duration timeout;
  private final ScheduledThreadPoolExecutor timer;

  public ClientTimeouts(Duration timeout, ThreadFactory threads) {
    this.timeout = timeout;
    this.timer = new ScheduledThreadPoolExecutor(1, threads);
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Serves a call on this thread; the timeout runs until {@link #pause}. */
  void watch(Runnable call) {
    Watch watch = new Watch(Thread.currentThread());
    CURRENT.set(watch);
    try {
      watch.start();
      call.run();
    } finally {
      watch.stop();
      CURRENT.remove();
    }
  }

  /** Starts the timeout: this thread now waits for the client. */
  static void resume() {
    @Nullable Watch watch = CURRENT.get();
    if (watch != null) {
      watch.start();
    }
  }

  /** Stops the timeout: this thread no longer waits for the client. */
  static void pause() {
    @Nullable Watch watch = CURRENT.get();
    if (watch != null) {
      watch.stop();
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  /** Watches one thread; the lock prevents a late interrupt of its next call. */
  private final class Watch {
    private final Thread thread;
    private @Nullable Future<?> pending;

    Watch(Thread thread) {
      this.thread = thread;
    }

    synchronized void start() {
      if (!timer.isShutdown()) {
        pending = timer.schedule(this::interrupt, timeout.toNanos(), TimeUnit.NANOSECONDS);
      }
    }

    synchronized void stop() {
      if (pending != null) {
        pending.cancel(false);
        pending = null;
      }
    }

    private synchronized void interrupt() {
      if (pending != null) {
        pending = null;
        thread.interrupt();
      }
    }
  }
}
