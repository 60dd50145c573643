package io.github.shortlived.internal.client;

import io.github.shortlived.internal.failure.Deadline;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Blocking calls on daemon threads, which continue if the thread that waits gives up. They are rare
 * (a token per hour), so that each has its own thread and nothing needs to be closed.
 */
public final class DaemonCalls {
  private DaemonCalls() {}

  /**
   * A call that may fail with an I/O error.
   *
   * @param <T> the type of the result
   */
  public interface IoCallable<T> {
    T call() throws IOException;
  }

  /** Runs this on a new daemon thread. */
  static void run(Runnable work) {
    Thread thread = new Thread(work, "short-lived-credentials-source");
    thread.setDaemon(true);
    thread.start();
  }

  /** Makes the call on a new daemon thread. */
  public static <T> CompletableFuture<T> submit(IoCallable<T> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    run(
        () -> {
          try {
            result.complete(call.call());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  /**
   * Waits until the deadline. An interrupted thread keeps its interrupted status.
   *
   * @throws TimeoutException if the deadline expires first
   * @throws CancellationException if the thread is interrupted first
   * @throws ExecutionException if the call failed
   */
  public static <T> T await(CompletableFuture<T> result, Deadline deadline)
      throws TimeoutException, ExecutionException {
    try {
      return result.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("Interrupted while a token was fetched");
    }
  }
}
