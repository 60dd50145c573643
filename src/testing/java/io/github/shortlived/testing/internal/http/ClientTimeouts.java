package io.github.shortlived.testing.internal.http;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Disconnects HTTP clients that are too slow to send a request or to read a response, and limits
 * the threads that wait for them; the JDK's server waits forever, with a thread for each client. It
 * interrupts the thread, which closes the socket that the thread reads or writes. The time of the
 * handler does not count.
 */
public final class ClientTimeouts implements AutoCloseable {
  /**
   * How long the emulator waits for a client: {@code timeout}, but only {@code shortTimeout} while
   * it waits for more than {@code few} clients. It waits for {@code most} at the same time.
   */
  public record Limits(Duration timeout, int few, Duration shortTimeout, int most) {
    public static final Limits STANDARD =
        new Limits(Duration.ofMinutes(1), 100, Duration.ofSeconds(2), 500);
  }

  private static final ThreadLocal<Watch> CURRENT = new ThreadLocal<>();

  private final Limits limits;
  private final WaitingThreads waiting;
  private final ScheduledThreadPoolExecutor timer;

  public ClientTimeouts(Limits limits, ThreadFactory threads) {
    this.limits = limits;
    this.waiting = new WaitingThreads(limits.most());
    // A call may still end after the timer is closed.
    this.timer =
        new ScheduledThreadPoolExecutor(1, threads, new ThreadPoolExecutor.DiscardPolicy());
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Serves a call on a thread of the executor; the timeout runs until {@link #pause}. */
  void serve(Runnable call, Executor executor) {
    waiting.start(() -> executor.execute(() -> watch(call)));
  }

  private void watch(Runnable call) {
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
      watch.restart();
    }
  }

  /** Stops the timeout: this thread no longer waits for the client. */
  static void pause() {
    @Nullable Watch watch = CURRENT.get();
    if (watch != null) {
      watch.stop();
    }
  }

  /** Disconnects no more clients, and serves no more calls. */
  @Override
  public void close() {
    waiting.close();
    timer.shutdownNow();
  }

  private Duration timeout() {
    return waiting.count() > limits.few() ? limits.shortTimeout() : limits.timeout();
  }

  /** Watches one thread; the lock prevents a late interrupt of its next call. */
  private final class Watch {
    private final Thread thread;
    private @Nullable Future<?> pending;

    Watch(Thread thread) {
      this.thread = thread;
    }

    synchronized void start() {
      pending = timer.schedule(this::interrupt, timeout().toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Waits again, even beyond the limit: the response must be written. */
    synchronized void restart() {
      waiting.enter();
      start();
    }

    synchronized void stop() {
      if (pending != null) {
        pending.cancel(false);
        pending = null;
        waiting.leave();
      }
    }

    private synchronized void interrupt() {
      if (pending != null) {
        thread.interrupt();
      }
    }
  }
}
