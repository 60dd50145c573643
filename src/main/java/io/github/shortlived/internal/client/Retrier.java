package io.github.shortlived.internal.client;

import com.google.api.core.ApiClock;
import com.google.api.core.NanoClock;
import com.google.api.gax.rpc.StatusCode.Code;
import com.google.common.collect.Comparators;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.internal.failure.ServiceFailure;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongUnaryOperator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Retries calls that failed with a transient fault, under one total timeout. A delay is the retry
 * delay that the service requests, plus a random time between zero and a bound (full jitter), which
 * doubles with each retry. Delays after a conflict stay shorter, because another writer succeeded.
 * A call whose source token is rejected is retried once with another token. Thread-safe. The
 * calling thread waits, and stops if it is interrupted.
 *
 * @see <a href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">
 *     Exponential Backoff And Jitter</a>
 */
public final class Retrier {
  private static final Duration MAX_DELAY_AFTER_CONFLICT = Duration.ofSeconds(1);
  private static final Sleeper SLEEP =
      delay -> Thread.sleep(delay.toMillis(), delay.toNanosPart() % 1_000_000);

  private final Limits limits;
  private final TimeSource time;
  private final InstantSource dates;
  private final Observer observer;

  private Retrier(Limits limits, TimeSource time, InstantSource dates, Observer observer) {
    this.limits = limits;
    this.time = time;
    this.dates = dates;
    this.observer = observer;
  }

  /**
   * Creates a retrier that measures time with the system's clock.
   *
   * @param initialDelay the bound of the first delay
   * @param maxDelay the largest bound
   * @param totalTimeout how long a call may take with its retries
   * @param retries whether calls are retried at all
   * @param dates the clock for dates, such as those in responses
   */
  public static Retrier of(
      Duration initialDelay,
      Duration maxDelay,
      Duration totalTimeout,
      boolean retries,
      InstantSource dates) {
    return of(
        new Limits(initialDelay, maxDelay, totalTimeout, retries),
        new TimeSource(
            NanoClock.getDefaultClock(),
            SLEEP,
            bound -> ThreadLocalRandom.current().nextLong(bound)),
        dates);
  }

  static Retrier of(Limits limits, TimeSource time, InstantSource dates) {
    return new Retrier(limits, time, dates, (attempt, delay, failure) -> {});
  }

  /** Returns the clock that measures durations. */
  public ApiClock stopwatch() {
    return time.clock();
  }

  /** Returns the deadline of a call that begins now. */
  public Deadline deadline() {
    return Deadline.after(limits.totalTimeout(), time.clock());
  }

  /** Returns a retrier for one step of a call with this deadline. */
  public Retrier within(Deadline deadline) {
    return new Retrier(limits.withTotalTimeout(deadline.remaining()), time, dates, observer);
  }

  /** Returns the same retrier with this observer. */
  public Retrier observedBy(Observer other) {
    return new Retrier(limits, time, dates, other);
  }

  /**
   * Makes attempts until one succeeds, fails for good, or the total timeout expires.
   *
   * @throws FailedCallException the last failure
   * @throws CredentialException if a class or method of another library is missing
   */
  public <T> T call(Attempt<T> attempt) throws FailedCallException {
    return call(attempt, ServiceFailure::retryable);
  }

  /** Calls like {@link #call(Attempt)}, and retries the failures that match the predicate. */
  public <T> T call(Attempt<T> attempt, Predicate<ServiceFailure> retryable)
      throws FailedCallException {
    try {
      return new Execution().run(attempt, retryable);
    } catch (RuntimeException | Error e) {
      InternalExceptions.throwIfUnmetDependency(e);
      throw e;
    }
  }

  /** Returns a deadline on the system's clock. */
  public static Deadline deadlineIn(Duration timeout) {
    return Deadline.after(timeout, NanoClock.getDefaultClock());
  }

  /** Sleeps. An interrupted thread returns at once and keeps its interrupted status. */
  public static void pause(Duration delay) {
    slept(SLEEP, delay);
  }

  /** Returns whether the whole delay passed; if not, the thread keeps its interrupted status. */
  private static boolean slept(Sleeper sleeper, Duration delay) {
    try {
      sleeper.sleep(delay);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** One call, from its first attempt to its last. */
  private final class Execution {
    private final long begin = time.clock().nanoTime();
    private final Deadline deadline = deadline();
    private @Nullable Duration bound;
    private @Nullable FailedCallException toRenew;
    private @Nullable FailedCallException previous;
    private boolean renewed;
    private int attempts;

    <T> T run(Attempt<T> attempt, Predicate<ServiceFailure> retryable) throws FailedCallException {
      while (true) {
        try {
          return make(attempt);
        } catch (Exception e) {
          backOff(FailedCallException.of(e), retryable);
        }
      }
    }

    private <T> T make(Attempt<T> attempt) throws Exception {
      attempts++;
      if (toRenew != null) {
        toRenew.renew(deadline);
        toRenew = null;
      }
      return attempt.call(deadline);
    }

    /** Waits for the next attempt, or throws the failure if there is none. */
    private void backOff(FailedCallException failed, Predicate<ServiceFailure> retryable)
        throws FailedCallException {
      // A failed renewal is not renewed, but it may be retryable.
      boolean renews = !renewed && failed.isRenewable();
      if (!limits.retries() || !(renews || retryable.test(failed.failure()))) {
        throw giveUp(failed, Duration.ZERO, false);
      }
      Duration requested = failed.failure().retryDelay(dates.instant());
      if (!isInTime(requested)) {
        throw giveUp(failed, requested, false);
      }
      Duration delay = renews ? requested : delay(requested, failed.failure());
      if (!isInTime(delay)) {
        throw giveUp(failed, Duration.ZERO, false);
      }
      if (renews) {
        renewed = true;
        toRenew = failed;
      }
      // If the deadline expires later, the rejected token must not be reported as the reason.
      previous = renews ? null : failed;
      observer.onRetry(attempts, delay, failed);
      if (!slept(time.sleeper(), delay)) {
        throw giveUp(failed, Duration.ZERO, true);
      }
    }

    /** Adds jitter, because other clients got the same delay; leaves it out if time is short. */
    private Duration delay(Duration requested, ServiceFailure failure) {
      Duration longest =
          failure.status() == Code.ABORTED
              ? Comparators.min(limits.maxDelay(), MAX_DELAY_AFTER_CONFLICT)
              : limits.maxDelay();
      Duration doubled = bound == null ? limits.initialDelay() : bound.multipliedBy(2);
      bound = Comparators.min(doubled, longest);
      Duration delay = requested.plusNanos(time.random().applyAsLong(bound.toNanos() + 1));
      return requested.isZero() || isInTime(delay) ? delay : requested;
    }

    private boolean isInTime(Duration delay) {
      return delay.compareTo(limits.totalTimeout().minus(elapsed())) < 0;
    }

    private Duration elapsed() {
      return Duration.ofNanos(time.clock().nanoTime() - begin);
    }

    private FailedCallException giveUp(
        FailedCallException last, Duration excessiveDelay, boolean interrupted) {
      Duration elapsed = elapsed();
      return reported(last)
          .after(
              new ServiceFailure.Attempts(
                  attempts, elapsed, excessiveDelay, interrupted, dates.instant()));
    }

    /** If the deadline cut off the last attempt, the failure before it is reported instead. */
    private FailedCallException reported(FailedCallException last) {
      boolean cutOff =
          !isInTime(Duration.ZERO) && last.failure().status() == Code.DEADLINE_EXCEEDED;
      if (!cutOff || previous == null || previous.thrown() == last.thrown()) {
        return last;
      }
      previous.thrown().addSuppressed(last.thrown());
      return previous;
    }
  }

  /** The values of a retry policy. */
  record Limits(Duration initialDelay, Duration maxDelay, Duration totalTimeout, boolean retries) {
    Limits withTotalTimeout(Duration timeout) {
      return new Limits(initialDelay, maxDelay, timeout, retries);
    }
  }

  /**
   * Clock, sleeper and random source; replaced in tests.
   *
   * @param clock measures durations
   * @param sleeper waits
   * @param random draws a number from zero to below its argument
   */
  record TimeSource(ApiClock clock, Sleeper sleeper, LongUnaryOperator random) {}

  /**
   * One attempt at a call.
   *
   * @param <T> the type of the result
   */
  public interface Attempt<T> {
    /** Makes the call; gives up at the deadline. */
    T call(Deadline deadline) throws Exception;
  }

  /** Observes retries, on the thread that retries and before it waits; must not throw. */
  public interface Observer {
    /**
     * Handles a retry.
     *
     * @param attempt the attempt that failed, 1 for the first
     * @param delay the delay before the next attempt
     * @param failure why the attempt failed
     */
    void onRetry(int attempt, Duration delay, Exception failure);
  }

  /** Waits; replaced in tests. */
  interface Sleeper {
    void sleep(Duration delay) throws InterruptedException;
  }
}
