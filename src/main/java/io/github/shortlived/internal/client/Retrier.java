package io.github.shortlived.internal.client;

import com.google.api.core.ApiClock;
import com.google.api.core.NanoClock;
import com.google.api.gax.rpc.StatusCode.Code;
import io.github.shortlived.internal.failure.AttemptException;
import io.github.shortlived.internal.failure.CallException;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.ServerRetryDelay;
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
 * before it. A conflict means that somebody else got through, so the delays after it stay shorter
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
  private final TimeSource means;
  private final InstantSource dates;
  private final Observer observer;

  private Retrier(
      Limits limits, boolean retries, TimeSource means, InstantSource dates, Observer observer) {
    this.limits = limits;
    this.retries = retries;
    this.means = means;
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

  static Retrier of(Limits limits, boolean retries, TimeSource means) {
    InstantSource dates = () -> Instant.ofEpochMilli(means.clock().millisTime());
    return new Retrier(limits, retries, means, dates, (attempt, delay, failure) -> {});
  }

  /** What measures time here. */
  public ApiClock stopwatch() {
    return means.clock();
  }

  /** The same on this clock, where it is about dates instead of time that goes by. */
  public Retrier withClock(InstantSource clock) {
    return new Retrier(limits, retries, means, clock, observer);
  }

  /** When a call has to be over that begins now. */
  public Deadline deadline() {
    return Deadline.after(limits.totalTimeout(), means.clock());
  }

  /** The same for one step of a call that has to be over then. */
  public Retrier within(Deadline deadline) {
    Limits left = new Limits(limits.initialDelay(), limits.maxDelay(), deadline.remaining());
    return new Retrier(left, retries, means, dates, observer);
  }

  /** The same, telling this observer of each repetition. */
  public Retrier observedBy(Observer told) {
    return new Retrier(limits, retries, means, dates, told);
  }

  /**
   * Makes attempts until one succeeds, fails for good, or time is up.
   *
   * @throws CallException caused by the last failure
   */
  public <T> T call(Attempt<T> attempt) throws CallException {
    return call(attempt, failure -> ServiceFailure.of(failure).retryable());
  }

  /** As {@link #call(Attempt)}, with a rule of its own for what is worth another attempt. */
  public <T> T call(Attempt<T> attempt, Predicate<Exception> worthRetrying) throws CallException {
    Execution course = new Execution();
    while (true) {
      try {
        return course.make(attempt);
      } catch (Exception failure) {
        course.backOff(failure, worthRetrying);
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

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** One call from its first attempt to its end. */
  private final class Execution {
    private final long begin = means.clock().nanoTime();
    private final Deadline deadline = deadline();
    private @Nullable Duration bound;
    private @Nullable AttemptException toRenew;
    private @Nullable Exception before; // Of the attempts that failed, the last but one.
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

    /** Returns when it is time for the next attempt. */
    void backOff(Exception failure, Predicate<Exception> worthRetrying) throws CallException {
      if (!retries || !(renewsAfter(failure) || worthRetrying.test(failure))) {
        throw ended(failure, Duration.ZERO);
      }
      Duration asked = ServerRetryDelay.of(failure, dates.instant());
      if (!isInTime(asked)) {
        throw ended(failure, asked);
      }
      boolean renews = failure == toRenew; // Anything else is a failure of the renewal itself.
      Duration delay = renews ? asked : delay(asked, failure);
      if (!isInTime(delay)) {
        throw ended(failure, Duration.ZERO);
      }
      // A refused token does not tell why its successor did not come.
      before = renews ? null : failure;
      observer.repeating(attempts, delay, failure);
      if (!slept(means.sleeper(), delay)) {
        throw ended(failure, Duration.ZERO, true);
      }
    }

    /** Whether it is the source token that the service refused, for the first time. */
    private boolean renewsAfter(Exception failure) {
      if (!renewed && failure instanceof AttemptException refused && refused.renewable()) {
        renewed = true;
        toRenew = refused;
        return true;
      }
      return false;
    }

    /** Jitter spreads those whom a service asked for the same pause; it is left out at the end. */
    private Duration delay(Duration asked, Exception failure) {
      boolean conflict = ServiceFailure.of(failure).status() == Code.ABORTED;
      Duration longest =
          conflict ? min(limits.maxDelay(), MAX_DELAY_AFTER_CONFLICT) : limits.maxDelay();
      bound = min(bound == null ? limits.initialDelay() : bound.multipliedBy(2), longest);
      long jitter = means.random().applyAsLong(bound.toNanos() + 1);
      Duration delay = asked.plusNanos(jitter);
      return asked.isZero() || isInTime(delay) ? delay : asked;
    }

    private boolean isInTime(Duration delay) {
      return delay.compareTo(limits.totalTimeout().minus(elapsed())) < 0;
    }

    private Duration elapsed() {
      return Duration.ofNanos(means.clock().nanoTime() - begin);
    }

    private CallException ended(Exception failure, Duration askedPause) {
      return ended(failure, askedPause, false);
    }

    private CallException ended(Exception failure, Duration askedPause, boolean interrupted) {
      return new CallException(
          attempts, elapsed(), askedPause, interrupted, dates.instant(), whatEndsIt(failure));
    }

    /** The last attempt, where time was up amid it, tells nothing about the service. */
    private Exception whatEndsIt(Exception failure) {
      boolean cutOff =
          !isInTime(Duration.ZERO) && ServiceFailure.of(failure).status() == Code.DEADLINE_EXCEEDED;
      if (before == null || before == failure || !cutOff) {
        return failure;
      }
      before.addSuppressed(failure);
      return before;
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
