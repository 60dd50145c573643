package io.github.shortlived;

import io.github.shortlived.internal.Retrier;
import java.time.Duration;

/**
 * How calls that failed with a transient fault are repeated: after UNAVAILABLE, DEADLINE_EXCEEDED,
 * RESOURCE_EXHAUSTED, INTERNAL and connection faults, with exponentially growing, randomized
 * delays, all within one total timeout. A policy edit that somebody else overtook (ABORTED) is
 * repeated too, after at most a second each time: others got through. Fetching a source token is
 * bounded by its HTTP transport alone. Immutable.
 *
 * @param initialDelay the longest wait before the first repetition; each further one doubles it
 * @param maxDelay the longest wait between two attempts
 * @param totalTimeout how long a call may take in all, its repetitions included
 * @param retries whether anything is repeated at all
 */
public record RetryPolicy(
    Duration initialDelay, Duration maxDelay, Duration totalTimeout, boolean retries) {

  /**
   * Checks the durations.
   *
   * @throws CredentialException.InvalidRequest if one is not positive, or the longest delay is
   *     shorter than the initial one
   */
  public RetryPolicy {
    checkPositive("initialDelay", initialDelay);
    checkPositive("maxDelay", maxDelay);
    checkPositive("totalTimeout", totalTimeout);
    Checks.request(
        maxDelay.compareTo(initialDelay) >= 0,
        "maxDelay",
        maxDelay.toString(),
        "it is no shorter than initialDelay, which is " + initialDelay,
        "lengthen it or shorten initialDelay");
  }

  /** {@return delays from 100 milliseconds to 10 seconds, 60 seconds in all} */
  public static RetryPolicy standard() {
    return new RetryPolicy(
        Duration.ofMillis(100), Duration.ofSeconds(10), Duration.ofSeconds(60), true);
  }

  /** {@return one attempt of at most 60 seconds} */
  public static RetryPolicy none() {
    return new RetryPolicy(
        Duration.ofMillis(100), Duration.ofSeconds(10), Duration.ofSeconds(60), false);
  }

  /**
   * {@return the same policy with another total timeout}
   *
   * @throws CredentialException.InvalidRequest if it is not positive
   */
  public RetryPolicy withTotalTimeout(Duration timeout) {
    return new RetryPolicy(initialDelay, maxDelay, timeout, retries);
  }

  Retrier retrier() {
    return Retrier.of(initialDelay, maxDelay, totalTimeout, retries);
  }

  private static void checkPositive(String name, Duration duration) {
    Checks.request(
        !duration.isNegative() && !duration.isZero(),
        name,
        duration.toString(),
        "a duration is positive",
        "for a single attempt use RetryPolicy.none()");
  }
}
