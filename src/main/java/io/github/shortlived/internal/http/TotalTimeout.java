package io.github.shortlived.internal.http;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.google.common.base.Throwables;
import com.google.common.collect.ObjectArrays;
import io.github.shortlived.internal.text.Phrases;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;

/** Waits for a response until a timeout or an interrupt. */
final class TotalTimeout {
  private TotalTimeout() {}

  /**
   * Returns the result. Cancels the future if the timeout expires or the thread is interrupted,
   * which keeps its interrupted status.
   */
  static <T> T await(Future<T> response, int totalMillis) throws IOException {
    try {
      return response.get(totalMillis, MILLISECONDS);
    } catch (TimeoutException e) {
      response.cancel(true);
      throw new SocketTimeoutException(
          "The service did not respond within " + Phrases.exact(Duration.ofMillis(totalMillis)));
    } catch (InterruptedException e) {
      response.cancel(true);
      Thread.currentThread().interrupt();
      throw interrupted();
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNull(e.getCause());
      cause.setStackTrace( // Shows the caller, too.
          ObjectArrays.concat(cause.getStackTrace(), e.getStackTrace(), StackTraceElement.class));
      Throwables.throwIfInstanceOf(cause, IOException.class);
      Throwables.throwIfUnchecked(cause);
      throw new UndeclaredThrowableException(cause);
    }
  }

  /** Throws before a request is sent in vain. */
  static void requireNotInterrupted() throws InterruptedIOException {
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted();
    }
  }

  private static InterruptedIOException interrupted() {
    return new InterruptedIOException("Interrupted before the service responded");
  }
}
