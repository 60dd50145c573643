package io.github.shortlived.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that make the same call at the same moment. Measures how long each of them takes. */
final class Crowd implements AutoCloseable {
  static final int SIZE = 500;

  private final ExecutorService threads = Executors.newFixedThreadPool(SIZE);

  /** Starts the call in all threads at once and waits for the last one. */
  Waits go(Callable<?> call) throws Exception {
    CountDownLatch ready = new CountDownLatch(SIZE);
    CountDownLatch go = new CountDownLatch(1);
    List<Future<Wait>> waits = new ArrayList<>();
    for (int i = 0; i < SIZE; i++) {
      waits.add(
          threads.submit(
              () -> {
                ready.countDown();
                go.await();
                return timed(call);
              }));
    }
    ready.await();
    go.countDown();
    return collect(waits);
  }

  private static Wait timed(Callable<?> call) {
    long start = System.nanoTime();
    boolean failed = false;
    try {
      call.call();
    } catch (Exception e) {
      failed = true;
    }
    return new Wait(System.nanoTime() - start, failed);
  }

  private static Waits collect(List<Future<Wait>> waits) throws Exception {
    Wait[] all = new Wait[SIZE];
    for (int i = 0; i < SIZE; i++) {
      all[i] = waits.get(i).get();
    }
    return new Waits(all);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  /** The call of one thread. */
  record Wait(long nanos, boolean failed) {}

  /** The calls of all threads. */
  record Waits(Wait[] all) {
    private static final long BLOCKED = Duration.ofMillis(50).toNanos();

    /** Returns the number of calls that took so long that they waited for the service. */
    long blocked() {
      return Arrays.stream(all).filter(wait -> wait.nanos() > BLOCKED).count();
    }

    long failed() {
      return Arrays.stream(all).filter(Wait::failed).count();
    }

    double worstMillis() {
      return Arrays.stream(all).mapToLong(Wait::nanos).max().orElse(0) / 1e6;
    }
  }
}
