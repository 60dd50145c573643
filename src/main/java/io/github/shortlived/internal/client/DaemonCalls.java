package io.github.shortlived.internal.client;

import io.github.shortlived.internal.failure.Deadline;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Work that goes on without the thread that began it, which waits no longer than it may. Such work
 * is rare, a token once an hour, so that each has a thread of its own: nothing to close.
 */
public final class DaemonCalls {
  private DaemonCalls() {}

  /** Runs this on a daemon thread of its own. */
  static void run(Runnable work) {
    Thread thread = new Thread(work, "short-lived-credentials-source");
    thread.setDaemon(true);
    thread.start();
  }

  /** Asks on such a thread. */
  public static <T> CompletableFuture<T> submit(SourceCredentials.IoCallable<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    run(
        () -> {
          try {
            answer.complete(question.call());
          } catch (Throwable e) {
            answer.completeExceptionally(e);
          }
        });
    return answer;
  }

  /**
   * Waits until the deadline; an interrupted thread keeps that status.
   *
   * @throws TimeoutException if that is over first
   * @throws CancellationException if the thread is interrupted first
   * @throws ExecutionException if the work failed
   */
  public static <T> T await(CompletableFuture<T> answer, Deadline deadline)
      throws TimeoutException, ExecutionException {
    try {
      return answer.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("Interrupted while a token was fetched");
    }
  }
}
