package io.github.shortlived.internal;

import com.google.api.core.ApiClock;
import com.google.api.core.NanoClock;
import com.google.api.gax.retrying.ExponentialRetryAlgorithm;
import com.google.api.gax.retrying.RetrySettings;
import com.google.api.gax.retrying.TimedAttemptSettings;
import com.google.api.gax.rpc.StatusCode.Code;
import com.google.common.collect.Ordering;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * Repeats calls that failed with a transient fault, with exponential, jittered delays under one
 * total timeout. A conflict means that somebody else got through, so the delays after it stay
 * shorter than those after a fault. Thread-safe; the calling thread does the waiting.
 */
public final class Retrier {
  private static final Sleeper SLEEP = delay -> Thread.sleep(delay.toMillis());

  private static final Duration MAX_DELAY_AFTER_CONFLICT = Duration.ofSeconds(1);

  private final RetrySettings settings;
  private final RetrySettings afterConflict;
  private final ExponentialRetryAlgorithm algorithm;
  private final ApiClock clock;
  private final boolean retries;
  private final Sleeper sleeper;

  private Retrier(RetrySettings settings, boolean retries, ApiClock clock, Sleeper sleeper) {
    this.settings = settings;
    this.afterConflict = afterConflict(settings);
    this.algorithm = new ExponentialRetryAlgorithm(settings, clock);
    this.clock = clock;
    this.retries = retries;
    this.sleeper = sleeper;
  }

  /** A retrier on the system's clock. */
  public static Retrier of(
      Duration initialDelay, Duration maxDelay, Duration totalTimeout, boolean retries) {
    RetrySettings settings = settings(initialDelay, maxDelay, totalTimeout);
    return new Retrier(settings, retries, NanoClock.getDefaultClock(), SLEEP);
  }

  static Retrier of(RetrySettings settings, ApiClock clock, Sleeper sleeper) {
    return new Retrier(settings, true, clock, sleeper);
  }

  static RetrySettings settings(Duration initialDelay, Duration maxDelay, Duration totalTimeout) {
    return RetrySettings.newBuilder()
        .setInitialRetryDelayDuration(initialDelay)
        .setRetryDelayMultiplier(2)
        .setMaxRetryDelayDuration(maxDelay)
        .setInitialRpcTimeoutDuration(totalTimeout)
        .setRpcTimeoutMultiplier(1)
        .setMaxRpcTimeoutDuration(totalTimeout)
        .setTotalTimeoutDuration(totalTimeout)
        .build();
  }

  /**
   * Makes attempts until one succeeds, fails for good, or time is up; then that failure is thrown.
   */
  public <T> T call(Attempt<T> attempt) throws Exception {
    return call(attempt, failure -> ServiceFailure.of(failure).retryable());
  }

  /** As {@link #call(Attempt)}, with a rule of its own for what is worth another attempt. */
  public <T> T call(Attempt<T> attempt, Predicate<Exception> worthRetrying) throws Exception {
    TimedAttemptSettings current = algorithm.createFirstAttempt();
    while (true) {
      try {
        return attempt.call(Deadline.after(current.getRpcTimeoutDuration(), clock));
      } catch (Exception failure) {
        current = algorithm.createNextAttempt(paced(current, failure));
        boolean again = retries && worthRetrying.test(failure) && algorithm.shouldRetry(current);
        if (!again || !slept(sleeper, current.getRandomizedRetryDelayDuration())) {
          throw failure;
        }
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

  private TimedAttemptSettings paced(TimedAttemptSettings previous, Exception failure) {
    boolean conflict = ServiceFailure.of(failure).status() == Code.ABORTED;
    return previous.toBuilder().setGlobalSettings(conflict ? afterConflict : settings).build();
  }

  private static RetrySettings afterConflict(RetrySettings settings) {
    Duration maxDelay =
        Ordering.natural().min(settings.getMaxRetryDelayDuration(), MAX_DELAY_AFTER_CONFLICT);
    return settings.toBuilder()
        .setInitialRetryDelayDuration(
            Ordering.natural().min(settings.getInitialRetryDelayDuration(), maxDelay))
        .setMaxRetryDelayDuration(maxDelay)
        .build();
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

  /**
   * One attempt at a call.
   *
   * @param <T> what it returns
   */
  public interface Attempt<T> {
    /** Makes the call, giving up at the deadline. */
    T call(Deadline deadline) throws Exception;
  }

  /** Waits; tests advance a clock instead. */
  interface Sleeper {
    void sleep(Duration delay) throws InterruptedException;
  }
}
