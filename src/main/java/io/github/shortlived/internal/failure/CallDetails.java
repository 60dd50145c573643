package io.github.shortlived.internal.failure;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a failed call, besides the service's message.
 *
 * @param called the service and the method; null if unknown
 * @param bySource whether the source credentials failed, so that the call was not sent
 * @param httpStatus the status of the HTTP response, if there was one
 * @param requestId the service's ID of the request, redacted; null if unknown
 * @param retryDelay how long the service requests to wait before the next attempt
 * @param serverTime the time of the response, if the service rejected the times in a JWT
 * @param attempts the attempts of the call
 */
public record CallDetails(
    @Nullable ServiceMethod called,
    boolean bySource,
    OptionalInt httpStatus,
    @Nullable String requestId,
    ServerRetryDelay retryDelay,
    @Nullable Instant serverTime,
    Attempts attempts) {

  /** The details of an unknown call. */
  public static final CallDetails NONE =
      new CallDetails(
          null, false, OptionalInt.empty(), null, ServerRetryDelay.NONE, null, Attempts.NONE);

  /**
   * The attempts of a call that failed.
   *
   * @param count the number of attempts; 0 if unknown
   * @param elapsed the duration of all attempts, with the delays between them
   * @param excessiveDelay the retry delay that exceeded the total timeout; zero otherwise
   * @param interrupted whether the thread was interrupted before the next attempt
   * @param end when the last attempt failed, by the clock that dates claims; null if unknown
   */
  public record Attempts(
      int count,
      Duration elapsed,
      Duration excessiveDelay,
      boolean interrupted,
      @Nullable Instant end) {
    static final Attempts NONE = new Attempts(0, Duration.ZERO, Duration.ZERO, false, null);
  }

  CallDetails with(ServiceMethod method) {
    return new CallDetails(
        method, bySource, httpStatus, requestId, retryDelay, serverTime, attempts);
  }

  CallDetails with(Attempts made) {
    return new CallDetails(called, bySource, httpStatus, requestId, retryDelay, serverTime, made);
  }

  /**
   * Returns how far this machine's clock is ahead of the server's, if the service rejected the
   * times in a JWT; negative if it is behind, zero if unknown.
   */
  public Duration clockAhead() {
    return serverTime == null || attempts.end() == null
        ? Duration.ZERO
        : Duration.between(serverTime, attempts.end());
  }
}
