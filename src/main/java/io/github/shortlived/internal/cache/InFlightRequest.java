package io.github.shortlived.internal.cache;

import com.google.common.util.concurrent.ExecutionList;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.model.BearerToken;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One request for a token, on which any number of callers wait. It ends once. */
public final class InFlightRequest<T extends BearerToken> {
  private final CountDownLatch ended = new CountDownLatch(1);
  private final ExecutionList listeners = new ExecutionList();
  // Written before the latch opens, read after.
  private @Nullable CachedToken<T> token;
  private @Nullable Throwable failure;
  private final long number;
  private final boolean ahead;

  /** The request of this number, made ahead of a token's end or because there is no usable one. */
  InFlightRequest(long number, boolean ahead) {
    this.number = number;
    this.ahead = ahead;
  }

  long number() {
    return number;
  }

  boolean ahead() {
    return ahead;
  }

  void succeed(CachedToken<T> fresh) {
    token = fresh;
    end();
  }

  void fail(Throwable cause) {
    failure = cause;
    end();
  }

  private void end() {
    ended.countDown();
    listeners.execute();
  }

  /** Runs the task on the thread that ends the request; at once if it has ended. */
  public void whenEnded(Runnable task) {
    listeners.add(task, Runnable::run);
  }

  /** Whether it ended before the deadline; without one it is waited for as long as it takes. */
  boolean await(@Nullable Deadline deadline) throws InterruptedException {
    if (ended.getCount() == 0) {
      return true; // An interrupted thread may take what is there.
    }
    if (deadline == null) {
      ended.await();
      return true;
    }
    return ended.await(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
  }

  /** {@return the token, once the request has ended; null if it failed} */
  public @Nullable CachedToken<T> token() {
    return token;
  }

  /** {@return why there is no token, once the request has ended} */
  @Nullable Throwable failure() {
    return failure;
  }
}
