package io.github.shortlived.internal.failure;

import com.google.api.gax.rpc.StatusCode.Code;
import com.google.common.base.Strings;
import com.google.common.collect.Comparators;
import io.github.shortlived.internal.text.IamRoles;
import io.github.shortlived.internal.text.Phrases;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a service responded, or why there is no response, whatever the transport.
 *
 * @param status the canonical code
 * @param reason the {@code ErrorInfo} reason, or the OAuth 2.0 error code, redacted; null for none
 * @param metadata the {@code ErrorInfo} metadata, redacted
 * @param message the service's own message in one line, redacted
 * @param retryable whether the same call may succeed if it is repeated
 * @param service the host, such as {@code iamcredentials.googleapis.com}; null if unknown
 * @param method the method, as in Google's API reference, such as {@code generateAccessToken};
 *     {@code token} for a token endpoint; null if unknown
 * @param bySource whether the source credentials failed, so that the call was not sent
 * @param response what the response says besides the message
 * @param attempts the attempts of the call
 */
public record ServiceFailure(
    Code status,
    @Nullable String reason,
    Map<String, String> metadata,
    String message,
    boolean retryable,
    @Nullable String service,
    @Nullable String method,
    boolean bySource,
    Response response,
    Attempts attempts) {

  // The messages of IAM, and of Compute Engine, which gives only a general reason.
  private static final Pattern MISSING_PERMISSION =
      Pattern.compile("^(?:Permission '|Required '[\\w.]+' permission )");
  private static final Pattern NAMED_PERMISSION =
      Pattern.compile("^(?:Permission|Required) '([\\w.]+)' (?:denied|permission)");
  // After these codes a write is certainly not applied.
  private static final Set<Code> NOT_APPLIED =
      Set.of(
          Code.INVALID_ARGUMENT,
          Code.NOT_FOUND,
          Code.ALREADY_EXISTS,
          Code.PERMISSION_DENIED,
          Code.UNAUTHENTICATED,
          Code.FAILED_PRECONDITION,
          Code.ABORTED,
          Code.OUT_OF_RANGE,
          Code.UNIMPLEMENTED);
  private static final Duration HARMLESS_SKEW = Duration.ofSeconds(30);

  /**
   * What a response says besides the message.
   *
   * @param httpStatus the HTTP status; empty over gRPC, or if there was no response
   * @param requestId the service's ID of the request, redacted; null if unknown
   * @param retryDelay how long the service requests to wait before the next attempt; zero for none
   * @param retryAt when the service requests the next attempt, if it gives no delay; null for none
   * @param serverTime the time of the response, if the service rejected the times in a JWT
   */
  public record Response(
      OptionalInt httpStatus,
      @Nullable String requestId,
      Duration retryDelay,
      @Nullable Instant retryAt,
      @Nullable Instant serverTime) {}

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

    /** Describes how many attempts failed in what time; empty if they were not counted. */
    public String summary() {
      if (count == 0) {
        return "";
      }
      String delay =
          excessiveDelay.isZero()
              ? ""
              : " The service requested a retry delay of %s, which exceeds the rest of the total timeout."
                  .formatted(Phrases.approximate(excessiveDelay));
      return " %s after %s in %s.%s"
          .formatted(
              interrupted ? "Interrupted" : "Given up",
              Phrases.pluralize(count, "attempt"),
              Phrases.seconds(elapsed),
              delay);
    }
  }

  /** Returns the same failure of this method. */
  ServiceFailure of(String host, String called) {
    return new ServiceFailure(
        status, reason, metadata, message, retryable, host, called, bySource, response, attempts);
  }

  /** Returns the same failure after these attempts. */
  ServiceFailure after(Attempts made) {
    return new ServiceFailure(
        status, reason, metadata, message, retryable, service, method, bySource, response, made);
  }

  /** Returns whether a write may succeed if it starts again: also after a conflict. */
  public boolean retryableOrConflict() {
    return retryable || status == Code.ABORTED;
  }

  /** Returns whether a write may be applied in spite of the failure: its response may be lost. */
  public boolean mayBeApplied() {
    return !bySource && !NOT_APPLIED.contains(status);
  }

  /** Returns the missing permission, from the metadata or else from the message. */
  public Optional<String> permission() {
    return Optional.ofNullable(metadata.get("permission"))
        .or(
            () ->
                NAMED_PERMISSION
                    .matcher(message)
                    .results()
                    .findFirst()
                    .map(named -> named.group(1)));
  }

  /**
   * Returns the permission on the target; with delegates, the service may name the permission on a
   * delegate.
   */
  public String targetPermission() {
    return switch (Strings.nullToEmpty(method)) {
      case "generateAccessToken" -> IamRoles.GET_ACCESS_TOKEN;
      case "generateIdToken" -> IamRoles.GET_OPEN_ID_TOKEN;
      case "signJwt" -> IamRoles.SIGN_JWT;
      case "signBlob" -> IamRoles.SIGN_BLOB;
      default -> permission().orElse("the permission");
    };
  }

  /** Returns whether an IAM policy denied the call: no grant helps against a service perimeter. */
  public boolean isByPolicy() {
    return "IAM_PERMISSION_DENIED".equals(reason)
        || ((reason == null || reason.equals("forbidden"))
            && MISSING_PERMISSION.matcher(message).find());
  }

  /** Returns how long the service requests to wait from now on; zero for no delay. */
  public Duration retryDelay(Instant now) {
    Duration delay = response.retryDelay();
    return response.retryAt() == null
        ? delay
        : Comparators.max(delay, Duration.between(now, response.retryAt()));
  }

  /**
   * Returns how far this machine's clock is ahead of the server's, if the service rejected the
   * times in a JWT; negative if it is behind, zero if unknown.
   */
  public Duration clockAhead() {
    return response.serverTime() == null || attempts.end() == null
        ? Duration.ZERO
        : Duration.between(response.serverTime(), attempts.end());
  }

  /** Returns the usual topic, or CLOCK_SKEW if a wrong clock explains the failure. */
  public HelpTopic topic(HelpTopic usual) {
    return isClockWrong() ? HelpTopic.CLOCK_SKEW : usual;
  }

  /** Describes how wrong this machine's clock is; empty if it cannot cause the failure. */
  public String clockAdvice() {
    return isClockWrong()
        ? " This machine's clock is %s clock: correct it."
            .formatted(Phrases.clockDifference(clockAhead()))
        : "";
  }

  private boolean isClockWrong() {
    return clockAhead().abs().compareTo(HARMLESS_SKEW) >= 0;
  }

  /** Formats the message as a sentence, with the status and the reason. */
  public String sentence() {
    String text = message.strip();
    return "%s%s (%s%s)"
        .formatted(
            text, text.endsWith(".") ? "" : ".", status, reason == null ? "" : ", " + reason);
  }
}
