package io.github.shortlived;

import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import java.time.Duration;

/**
 * How calls that failed with a transient fault are repeated, whichever they are: those of the IAM
 * Credentials API, reads of policies, policy edits as whole cycles of reading and writing, and the
 * fetching of the source token from the token endpoint, the Security Token Service or a metadata
 * server. One total timeout bounds all of it; then, or when the thread is interrupted, the caller
 * goes on, while a source token that is being fetched still comes for others.
 *
 * <p>Transient are UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED and INTERNAL, the HTTP
 * statuses 408, 429 and 5xx except 501, and connection faults. Delays are drawn evenly between zero
 * and a bound that doubles. Where the service asks for a pause ({@code RetryInfo}, {@code
 * Retry-After}) it is kept, with such a delay after it; a call that would pass its total timeout by
 * that fails at once and says so. A policy edit that somebody else overtook (ABORTED) is repeated
 * too, after at most a second each time: others got through. A service that refuses the source
 * token (UNAUTHENTICATED) is asked once more with a new one, if the source can get one.
 * google-auth's own repetition, which only service-account keys have, is turned off in a copy of
 * them. Over HTTP an attempt that hears nothing for 20 seconds, google-http-client's timeout, is
 * such a fault; over gRPC it lasts as long as the call may. Immutable.
 *
 * @param initialDelay the longest delay before the first repetition; each further one doubles it
 * @param maxDelay the longest delay between two attempts; pauses that a service asks for may be
 *     longer
 * @param totalTimeout how long a call may take in all, with its repetitions and the fetching of a
 *     source token; as each of the three, at most 365 days
 * @param retries whether anything is repeated at all
 */
public record RetryPolicy(
    Duration initialDelay, Duration maxDelay, Duration totalTimeout, boolean retries) {
  // Far below the 292 years that nanoseconds can count, so that sums of them can be counted too.
  private static final Duration LONGEST = Duration.ofDays(365);

  /**
   * Checks the durations.
   *
   * @throws CredentialException.InvalidRequest if one is not positive or more than 365 days, or the
   *     longest delay is shorter than the initial one
   */
  public RetryPolicy {
    check("initialDelay", initialDelay);
    check("maxDelay", maxDelay);
    check("totalTimeout", totalTimeout);
    InternalExceptions.require(
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

  /** {@return one attempt of at most 60 seconds; over HTTP, of 20 in which nothing is heard} */
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
    return new RetryPolicy(initialDelay, maxDelay, timeout, retries);
  }

  private static void check(String name, Duration duration) {
    InternalExceptions.require(
        !duration.isNegative() && !duration.isZero(),
        name,
        duration.toString(),
        "a duration is positive",
        "for a single attempt use RetryPolicy.none()");
    InternalExceptions.require(
        duration.compareTo(LONGEST) <= 0,
        name,
        duration.toString(),
        "it is at most %d days".formatted(LONGEST.toDays()),
        "shorten it");
  }
}
