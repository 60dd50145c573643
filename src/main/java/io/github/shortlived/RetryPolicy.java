package io.github.shortlived;

import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.text.Phrases;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;

/**
 * How calls that fail with a transient fault are retried, within one total timeout. The page
 * "Behavior of calls" lists the calls and the faults. Immutable.
 *
 * @param initialDelay the bound of the first delay; each later one doubles it
 * @param maxDelay the largest bound; a retry delay that a service requests may be longer
 * @param totalTimeout the longest time of a call, with its retries and the fetch of a source token;
 *     a sweep or a rollback of several accounts may take 5 seconds for each, and so longer. As the
 *     other durations, at most 365 days
 * @param retries whether calls are retried
 */
public record RetryPolicy(
    Duration initialDelay, Duration maxDelay, Duration totalTimeout, boolean retries) {
  // It is far below 292 years, so that sums of durations fit into nanoseconds.
  private static final Duration MAX = Duration.ofDays(365);

  /**
   * Checks the durations.
   *
   * @throws CredentialException.InvalidRequest if one is not positive or more than 365 days, or
   *     {@code maxDelay} is shorter than {@code initialDelay}
   */
  public RetryPolicy {
    check("initialDelay", initialDelay);
    check("maxDelay", maxDelay);
    check("totalTimeout", totalTimeout);
    if (maxDelay.compareTo(initialDelay) < 0) {
      throw InternalExceptions.invalid(
          "maxDelay",
          Phrases.exact(maxDelay),
          "it must be at least initialDelay (%s)".formatted(Phrases.exact(initialDelay)),
          "lengthen it or shorten initialDelay");
    }
  }

  /** {@return retries with delays up to 100 ms at first, up to 10 s later, and 60 s in total} */
  public static RetryPolicy standard() {
    return new RetryPolicy(
        Duration.ofMillis(100), Duration.ofSeconds(10), Duration.ofSeconds(60), true);
  }

  /** {@return a single attempt of at most 60 s} */
  public static RetryPolicy none() {
    return new RetryPolicy(
        Duration.ofMillis(100), Duration.ofSeconds(10), Duration.ofSeconds(60), false);
  }

  /**
   * {@return the same policy with another total timeout}
   *
   * @throws CredentialException.InvalidRequest if it is not positive or more than 365 days
   */
  public RetryPolicy withTotalTimeout(Duration timeout) {
    Objects.requireNonNull(timeout, "timeout");
    return new RetryPolicy(initialDelay, maxDelay, timeout, retries);
  }

  Retrier retrier(InstantSource clock) {
    return Retrier.of(initialDelay, maxDelay, totalTimeout, retries, clock);
  }

  private static void check(String name, Duration duration) {
    Objects.requireNonNull(duration, name);
    if (duration.isNegative() || duration.isZero()) {
      throw InternalExceptions.invalid(
          name,
          Phrases.exact(duration),
          "it must be positive",
          "for a single attempt use RetryPolicy.none()");
    } else if (duration.compareTo(MAX) > 0) {
      throw InternalExceptions.invalid(
          name,
          Phrases.exact(duration),
          "it must be at most %d days".formatted(MAX.toDays()),
          "shorten it");
    }
  }
}
