package io.github.shortlived;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

/** Threads that call something and wait. Tests need no sleep to know that they wait. */
public final class Waiters<T> {
  private static final String FUTURE = CompletableFuture.class.getName();

  private final List<FutureTask<T>> tasks = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  public Waiters(int count, Callable<T> call) {
    for (int i = 0; i < count; i++) {
      FutureTask<T> task = new FutureTask<>(call);
      Thread thread = new Thread(task, "waiter-" + i);
      thread.setDaemon(true);
      tasks.add(task);
      threads.add(thread);
      thread.start();
    }
  }

  /** Returns once every live thread waits for a load. */
  public Waiters<T> parked() {
    threads.forEach(Waiters::awaitParked);
    return this;
  }

  public void interrupt(int index) {
    threads.get(index).interrupt();
  }

  public T result(int index) throws Exception {
    try {
      return tasks.get(index).get();
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }

  public List<Throwable> failures() throws InterruptedException {
    List<Throwable> failures = new ArrayList<>();
    for (FutureTask<T> task : tasks) {
      try {
        throw new AssertionError("Returned " + task.get());
      } catch (ExecutionException e) {
        failures.add(e.getCause());
      }
    }
    return failures;
  }

  private static void awaitParked(Thread thread) {
    while (thread.isAlive() && !waitsForALoad(thread)) {
      Thread.onSpinWait();
    }
  }

  /** Returns whether the thread waits for a load; a lock held for a moment does not count. */
  private static boolean waitsForALoad(Thread thread) {
    Object blocker = LockSupport.getBlocker(thread);
    return blocker != null && blocker.getClass().getName().startsWith(FUTURE);
  }
}
