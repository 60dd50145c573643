package io.github.shortlived.internal.client;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * Makes blocking calls on daemon threads. A call continues if the waiting thread gives up. Calls
 * are rare (a token per hour), so each has its own thread and nothing needs to be closed.
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
}
