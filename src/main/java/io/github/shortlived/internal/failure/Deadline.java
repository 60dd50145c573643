package io.github.shortlived.internal.failure;

import com.google.api.core.ApiClock;
import com.google.common.base.Throwables;
import com.google.common.collect.Comparators;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** When a call must be complete, by this clock. Each of its steps reads the remaining time. */
public record Deadline(ApiClock clock, long endNanos) {
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST_ATTEMPT = Duration.ofSeconds(20);

  /** Returns the deadline after this timeout. */
  public static Deadline after(Duration timeout, ApiClock clock) {
    return new Deadline(clock, clock.nanoTime() + timeout.toNanos());
  }

  /** {@return the remaining time; at least a millisecond, because zero means no limit} */
  public Duration remaining() {
    Duration left = Duration.ofNanos(endNanos - clock.nanoTime());
    return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
  }

  /**
   * {@return the remaining time in milliseconds, rounded up, for an attempt over HTTP; at most 20
   * s, so that a silent connection leaves time for another attempt}
   */
  public int timeoutMillis() {
    Duration attempt = Comparators.min(remaining(), LONGEST_ATTEMPT);
    return Math.toIntExact(attempt.plus(SHORTEST).minusNanos(1).toMillis());
  }

  private boolean isOver() {
    return endNanos - clock.nanoTime() <= 0;
  }

  /**
   * Waits for a result until the deadline. An interrupted thread keeps its interrupted status.
   *
   * @throws TimeoutException if the deadline expires first
   * @throws CancellationException if the thread is interrupted first
   * @throws ExecutionException if the call failed
   */
  public <T> T await(CompletableFuture<T> result) throws TimeoutException, ExecutionException {
    try {
      return result.get(remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted();
    } catch (ExecutionException e) {
      checkNotInterrupted(e);
      throw e;
    }
  }

  /**
   * Throws {@link CancellationException} if the call failed because this thread is interrupted:
   * google-auth reports that as an I/O error.
   */
  public static void checkNotInterrupted(Exception failure) {
    if (isByInterruption(failure)) {
      throw interrupted();
    }
  }

  private static boolean isByInterruption(Exception failure) {
    return Thread.currentThread().isInterrupted()
        && Throwables.getCausalChain(failure).stream().anyMatch(Deadline::isInterruption);
  }

  /**
   * Returns why a blocking call failed: its exception, unless this thread is interrupted or no time
   * remains, which HTTP clients report as I/O errors.
   *
   * @param late the message if no time remains
   */
  public Exception reason(Exception failure, String late) {
    if (isByInterruption(failure)) {
      return interrupted();
    }
    boolean timedOut =
        Throwables.getCausalChain(failure).stream()
            .anyMatch(SocketTimeoutException.class::isInstance);
    return timedOut && isOver() ? new TimeoutException(late) : failure;
  }

  /** Throws {@link CancellationException} if this thread is interrupted, before a call is sent. */
  public static void checkNotInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("Interrupted before the call was sent");
    }
  }

  private static boolean isInterruption(Throwable failure) {
    return failure instanceof InterruptedException
        || failure instanceof ClosedByInterruptException
        || (failure instanceof InterruptedIOException
            && !(failure instanceof SocketTimeoutException));
  }

  private static CancellationException interrupted() {
    return new CancellationException("Interrupted before the result arrived");
  }
}
