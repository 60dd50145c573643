package io.github.shortlived.internal.client;

import com.google.api.core.ApiClock;
import com.google.api.core.NanoClock;
import com.google.api.gax.rpc.StatusCode.Code;
import com.google.common.collect.Comparators;
import io.github.shortlived.internal.failure.CallDetails;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.internal.failure.ServiceFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongUnaryOperator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Repeats calls that failed with a transient fault, under one total timeout. Each delay is drawn
 * between nothing and a bound that doubles (full jitter); a pause that the service asks for comes
 * before it. A conflict time that somebody else got through, so the delays after it stay shorter
 * than those after a fault. A call whose source token is refused is made once more with another.
 * Thread-safe; the calling thread does the waiting, and stops when it is interrupted.
 *
 * @see <a href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">
 *     Exponential Backoff And Jitter</a>
 */
public final class Retrier {
  private static final Sleeper SLEEP =
      delay -> Thread.sleep(delay.toMillis(), delay.toNanosPart() % 1_000_000);

  private static final Duration MAX_DELAY_AFTER_CONFLICT = Duration.ofSeconds(1);

  private final Limits limits;
  private final boolean retries;
  private final TimeSource time;
  private final InstantSource dates;
  private final Observer observer;

  private Retrier(
      Limits limits, boolean retries, TimeSource time, InstantSource dates, Observer observer) {
    this.limits = limits;
    this.retries = retries;
    this.time = time;
    this.dates = dates;
    this.observer = observer;
  }

  /** A retrier on the system's clock. */
  public static Retrier of(
      Duration initialDelay, Duration maxDelay, Duration totalTimeout, boolean retries) {
    return of(
        new Limits(initialDelay, maxDelay, totalTimeout),
        retries,
        new TimeSource(
            NanoClock.getDefaultClock(),
            SLEEP,
            below -> ThreadLocalRandom.current().nextLong(below)));
  }

  static Retrier of(Limits limits, boolean retries, TimeSource time) {
    InstantSource dates = () -> Instant.ofEpochMilli(time.clock().millisTime());
    return new Retrier(limits, retries, time, dates, (attempt, delay, failure) -> {});
  }

  /** What measures time here. */
  public ApiClock stopwatch() {
    return time.clock();
  }

  /** The same on this clock, where it is about dates instead of time that goes by. */
  public Retrier withClock(InstantSource clock) {
    return new Retrier(limits, retries, time, clock, observer);
  }

  /** When a call has to be over that begins now. */
  public Deadline deadline() {
    return Deadline.after(limits.totalTimeout(), time.clock());
  }

  /** The same for one step of a call that has to be over then. */
  public Retrier within(Deadline deadline) {
    Limits left = new Limits(limits.initialDelay(), limits.maxDelay(), deadline.remaining());
    return new Retrier(left, retries, time, dates, observer);
  }

  /** The same, telling this observer of each repetition. */
  public Retrier observedBy(Observer told) {
    return new Retrier(limits, retries, time, dates, told);
  }

  /**
   * Makes attempts until one succeeds, fails for good, or the total timeout expires.
   *
   * @throws FailedCallException the last failure
   */
  public <T> T call(Attempt<T> attempt) throws FailedCallException {
    return call(attempt, ServiceFailure::retryable);
  }

  /** As {@link #call(Attempt)}, with a rule of its own about what is retried. */
  public <T> T call(Attempt<T> attempt, Predicate<ServiceFailure> retryable)
      throws FailedCallException {
    Execution execution = new Execution();
    while (true) {
      try {
        return execution.make(attempt);
      } catch (Exception e) {
        execution.backOff(FailedCallException.of(e), retryable);
      }
    }
  }

  /** A deadline on the system's clock. */
  public static Deadline deadlineIn(Duration timeout) {
    return Deadline.after(timeout, NanoClock.getDefaultClock());
  }

  /** Lets real time go by; an interrupted thread goes on at once and keeps that status. */
  public static void pause(Duration delay) {
    slept(SLEEP, delay);
  }

  /** Whether the whole delay went by; if not, the thread keeps its interrupted status. */
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

    <T> T make(Attempt<T> attempt) throws Exception {
      attempts++;
      if (toRenew != null) {
        toRenew.renew(deadline);
        toRenew = null;
      }
      return attempt.call(deadline);
    }

    /** Waits for the next attempt, or throws the failure if there is none. */
    void backOff(FailedCallException failed, Predicate<ServiceFailure> retryable)
        throws FailedCallException {
      if (!retries || !(renewsAfter(failed) || retryable.test(failed.failure()))) {
        throw ended(failed, Duration.ZERO, false);
      }
      Duration requested = failed.failure().details().retryDelay().from(dates.instant());
      if (!isInTime(requested)) {
        throw ended(failed, requested, false);
      }
      boolean renews = failed == toRenew; // Otherwise the renewal itself failed.
      Duration delay = renews ? requested : delay(requested, failed.failure());
      if (!isInTime(delay)) {
        throw ended(failed, Duration.ZERO, false);
      }
      // A rejected token does not explain why the next one is late.
      previous = renews ? null : failed;
      observer.repeating(attempts, delay, failed);
      if (!slept(time.sleeper(), delay)) {
        throw ended(failed, Duration.ZERO, true);
      }
    }

    /** Returns whether the service rejected the source token, for the first time. */
    private boolean renewsAfter(FailedCallException failed) {
      if (renewed || !failed.isRenewable()) {
        return false;
      }
      renewed = true;
      toRenew = failed;
      return true;
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

    private FailedCallException ended(
        FailedCallException last, Duration excessiveDelay, boolean interrupted) {
      Duration elapsed = elapsed();
      return reported(last)
          .after(
              new CallDetails.Attempts(
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

  /**
   * How long to wait and to try.
   *
   * @param initialDelay the bound of the first delay
   * @param maxDelay the longest bound
   * @param totalTimeout how long a call may take in all
   */
  record Limits(Duration initialDelay, Duration maxDelay, Duration totalTimeout) {}

  /**
   * What time and chance are; tests bring their own.
   *
   * @param clock what measures time
   * @param sleeper what lets it go by
   * @param random draws a number from zero to below its argument
   */
  record TimeSource(ApiClock clock, Sleeper sleeper, LongUnaryOperator random) {}

  /**
   * One attempt at a call.
   *
   * @param <T> what it returns
   */
  public interface Attempt<T> {
    /** Makes the call, giving up at the deadline. */
    T call(Deadline deadline) throws Exception;
  }

  /** Is told of repetitions by the thread that makes them, before it waits; must not throw. */
  public interface Observer {
    /**
     * A call is going to be repeated.
     *
     * @param attempt which one failed, 1 for the first
     * @param delay how long it waits now
     * @param failure what it failed with
     */
    void repeating(int attempt, Duration delay, Exception failure);
  }

  /** Waits; tests advance a clock instead. */
  interface Sleeper {
    void sleep(Duration delay) throws InterruptedException;
  }
}
