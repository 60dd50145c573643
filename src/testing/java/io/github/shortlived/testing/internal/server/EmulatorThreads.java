package io.github.shortlived.testing.internal.server;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** The daemon threads of one emulator, so that closing can wait until they end. */
final class EmulatorThreads implements ThreadFactory {
  private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(2);

  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  @Override
  public Thread newThread(Runnable task) {
    threads.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
    Thread thread = new Thread(task, "iam-emulator-" + threads.size());
    thread.setDaemon(true);
    threads.add(thread);
    return thread;
  }

  /** Waits for the threads to end, after their executors are shut down. */
  void join() {
    try {
      for (Thread thread : threads) {
        thread.join(PATIENCE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
