package io.github.shortlived.internal.client;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.Uninterruptibles;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Makes blocking calls on daemon threads. A call continues if the waiting thread gives up. Calls
 * are rare, so each has its own thread and nothing needs to be closed. Thread-safe.
 */
public final class DaemonCalls implements Executor {
  private final String threadName;

  /** Names all threads, for thread dumps. */
  public DaemonCalls(String threadName) {
    this.threadName = threadName;
  }

  /**
   * A call that may fail with an I/O error.
   *
   * @param <T> the type of the result
   */
  public interface IoCallable<T> {
    T call() throws IOException;
  }

  /** Runs this on a new daemon thread. */
  @Override
  public void execute(Runnable work) {
    Thread thread = new Thread(work, threadName);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Makes the call on a new daemon thread and waits for it, also if the calling thread is
   * interrupted, which keeps its interrupt status.
   */
  public <T> T callUninterruptibly(Supplier<T> call) {
    try {
      return Objects.requireNonNull(Uninterruptibles.getUninterruptibly(submit(call::get)));
    } catch (ExecutionException e) {
      Throwable failure = Objects.requireNonNull(e.getCause());
      if (failure instanceof CredentialException own) {
        throw InternalExceptions.copy(own); // With the stack trace of this thread.
      }
      Throwables.throwIfUnchecked(failure);
      throw new UndeclaredThrowableException(failure);
    }
  }

  /** Makes the call on a new daemon thread. */
  public <T> CompletableFuture<T> submit(IoCallable<T> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    execute(
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
