package io.github.shortlived.internal.failure;

import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.rpc.ApiException;
import com.google.rpc.RequestInfo;
import io.github.shortlived.internal.text.Excerpt;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a call that failed, beside the service's own words.
 *
 * @param called which service and method, if that is known
 * @param httpStatus the HTTP status, if there was an answer that had one
 * @param requestId by which the service knows the request, if it told; redacted
 * @param attempts how many were made; 0 if nobody counted them
 * @param elapsed how long they took, with the delays between them
 * @param askedPause for how long the service asked to be left alone, if there was no time for that
 * @param interrupted that its thread was told not to wait for another attempt
 * @param clockAhead how far this machine's clock is ahead of the server's, if the failure is about
 *     time; negative if it is behind, zero if unknown
 */
public record CallDetails(
    @Nullable ServiceMethod called,
    OptionalInt httpStatus,
    @Nullable String requestId,
    int attempts,
    Duration elapsed,
    Duration askedPause,
    boolean interrupted,
    Duration clockAhead) {

  /** When nobody knows anything. */
  public static final CallDetails NONE =
      new CallDetails(
          null, OptionalInt.empty(), null, 0, Duration.ZERO, Duration.ZERO, false, Duration.ZERO);

  // google-auth's words for an answer of the metadata server, or of IAM to its own calls.
  private static final Pattern STATUS_IN_WORDS =
      Pattern.compile("Error code ([1-5][0-9]{2}) trying");
  private static final Pattern ABOUT_TIME = Pattern.compile("\\b(iat|exp|timeframe)\\b");

  /** Collects them from the whole chain of causes. */
  static CallDetails of(Throwable failure) {
    Optional<CallException> call = ServiceFailure.inChain(failure, CallException.class);
    return new CallDetails(
        called(failure).orElse(null),
        httpStatus(failure),
        requestId(failure).map(Excerpt::of).orElse(null),
        call.map(CallException::attempts).orElse(0),
        call.map(CallException::elapsed).orElse(Duration.ZERO),
        call.map(CallException::askedPause).orElse(Duration.ZERO),
        call.map(CallException::interrupted).orElse(false),
        call.flatMap(ended -> clockAhead(ended.ended(), failure)).orElse(Duration.ZERO));
  }

  private static Optional<ServiceMethod> called(Throwable failure) {
    return ServiceFailure.inChain(failure, SourceFailureException.class)
        .map(SourceFailureException::called)
        .or(
            () ->
                ServiceFailure.inChain(failure, AttemptException.class)
                    .map(AttemptException::called));
  }

  static OptionalInt httpStatus(Throwable failure) {
    Optional<HttpResponseException> answer =
        ServiceFailure.inChain(failure, HttpResponseException.class);
    OptionalInt byProxy = ProxyResponse.httpStatus(failure);
    if (answer.isPresent()) {
      return OptionalInt.of(answer.get().getStatusCode());
    } else if (byProxy.isPresent()) {
      return byProxy;
    }
    return ServiceFailure.inChain(failure, StatusRuntimeException.class)
        .map(ServiceFailure::pageStatus)
        .filter(OptionalInt::isPresent)
        .orElseGet(() -> statusInWords(failure));
  }

  static OptionalInt statusInWords(Throwable failure) {
    return ServiceFailure.inChain(failure, SourceFailureException.class)
        .map(CallDetails::statusInWordsOf)
        .orElse(OptionalInt.empty());
  }

  /** The same of what is known to be google-auth's. */
  public static OptionalInt statusInWordsOf(IOException bySource) {
    return ServiceFailure.inWords(bySource, STATUS_IN_WORDS)
        .map(words -> OptionalInt.of(Integer.parseInt(words.group(1))))
        .orElse(OptionalInt.empty());
  }

  private static Optional<String> requestId(Throwable failure) {
    return ServiceFailure.inChain(failure, ApiException.class)
        .map(ApiException::getErrorDetails)
        .map(details -> details.getRequestInfo())
        .map(RequestInfo::getRequestId)
        .or(
            () ->
                ServiceFailure.inChain(failure, HttpResponseException.class)
                    .flatMap(CallDetails::requestIdOf))
        .filter(id -> !id.isBlank());
  }

  private static Optional<String> requestIdOf(HttpResponseException answer) {
    HttpHeaders headers = answer.getHeaders();
    return Optional.ofNullable(HttpErrorBody.parse(answer.getContent()).requestId())
        .or(() -> Optional.ofNullable(headers.getFirstHeaderStringValue("x-goog-request-id")))
        .or(() -> Optional.ofNullable(headers.getFirstHeaderStringValue("x-request-id")));
  }

  /** By the date of the answer, if it says that a JWT was made too early or too late. */
  private static Optional<Duration> clockAhead(Instant now, Throwable failure) {
    return ServiceFailure.inChain(failure, HttpResponseException.class)
        .filter(answer -> isAboutTime(HttpErrorBody.parse(answer.getContent())))
        .flatMap(answer -> HttpDate.parse(answer.getHeaders().getDate()))
        .map(server -> Duration.between(server, now));
  }

  private static boolean isAboutTime(HttpErrorBody body) {
    return "invalid_grant".equals(body.reason())
        && ABOUT_TIME.matcher(String.valueOf(body.message()).toLowerCase(Locale.ROOT)).find();
  }
}
