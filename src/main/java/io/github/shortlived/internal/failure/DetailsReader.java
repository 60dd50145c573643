package io.github.shortlived.internal.failure;

import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.ErrorDetails;
import com.google.common.base.Strings;
import com.google.common.collect.Comparators;
import com.google.common.primitives.Longs;
import com.google.rpc.RequestInfo;
import com.google.rpc.RetryInfo;
import io.github.shortlived.internal.text.SafeText;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what an exception says about its call, besides the service's message. */
final class DetailsReader {
  /** The beginning of gRPC's description of a response that is not gRPC. */
  static final String NOT_GRPC = "HTTP status code ";

  private static final Pattern PAGE_STATUS = Pattern.compile(NOT_GRPC + "([1-5][0-9]{2})");
  // A proxy that refuses a connection, in the messages of the JDK and of gRPC's Netty.
  private static final Pattern PROXY_STATUS =
      Pattern.compile(
          "(?:Proxy returns \"HTTP/[0-9.]+ |^http, [^\\n]* => [^\\n]*, status: )([1-5][0-9]{2})");
  private static final Pattern ABOUT_TIME = Pattern.compile("\\b(iat|exp|timeframe)\\b");

  private final Causes causes;
  private final Optional<HttpResponseException> http;
  private final HttpErrorBody body;
  private final HttpHeaders headers;
  private final Optional<ErrorDetails> errorDetails;

  DetailsReader(Causes causes, @Nullable HttpResponseException http, HttpErrorBody body) {
    this.causes = causes;
    this.http = Optional.ofNullable(http);
    this.body = body;
    this.headers = http == null ? new HttpHeaders() : http.getHeaders();
    this.errorDetails = causes.first(ApiException.class).map(ApiException::getErrorDetails);
  }

  CallDetails read(boolean bySource) {
    return new CallDetails(
        source().map(SourceFailureException::called).orElse(null),
        bySource,
        httpStatus(),
        requestId(),
        ServerRetryDelay.of(retryInfo(), headers),
        serverTime(),
        CallDetails.Attempts.NONE);
  }

  private Optional<SourceFailureException> source() {
    return causes.first(SourceFailureException.class);
  }

  private OptionalInt httpStatus() {
    return http.map(HttpResponseException::getStatusCode)
        .or(this::proxyStatus)
        .or(() -> causes.first(StatusRuntimeException.class).flatMap(DetailsReader::pageStatus))
        .or(this::sourceStatus)
        .map(OptionalInt::of)
        .orElse(OptionalInt.empty());
  }

  /** Returns the status by which a proxy refused the connection. */
  Optional<Integer> proxyStatus() {
    return causes.find(PROXY_STATUS).map(DetailsReader::number);
  }

  /** Returns the status of a response that is not gRPC; gRPC and gax map it to two codes. */
  static Optional<Integer> pageStatus(StatusRuntimeException e) {
    return Optional.of(PAGE_STATUS.matcher(Strings.nullToEmpty(e.getStatus().getDescription())))
        .filter(Matcher::lookingAt)
        .map(DetailsReader::number);
  }

  private static int number(MatchResult match) {
    return Integer.parseInt(match.group(1));
  }

  /** Returns the status in a message of google-auth. */
  Optional<Integer> sourceStatus() {
    return source().flatMap(SourceEndpoint::httpStatus);
  }

  private @Nullable String requestId() {
    return errorDetails
        .map(ErrorDetails::getRequestInfo)
        .map(RequestInfo::getRequestId)
        .or(
            () ->
                Stream.of(body.requestId(), header("x-goog-request-id"), header("x-request-id"))
                    .flatMap(Stream::ofNullable)
                    .findFirst())
        .filter(id -> !id.isBlank())
        .map(SafeText::excerpt)
        .orElse(null);
  }

  private @Nullable String header(String name) {
    return headers.getFirstHeaderStringValue(name);
  }

  private Duration retryInfo() {
    Duration overGrpc =
        errorDetails
            .map(ErrorDetails::getRetryInfo)
            .map(RetryInfo::getRetryDelay)
            .map(
                delay ->
                    Duration.ofSeconds(
                        Longs.constrainToRange(
                            delay.getSeconds(),
                            -ServerRetryDelay.FOREVER,
                            ServerRetryDelay.FOREVER),
                        delay.getNanos()))
            .orElse(Duration.ZERO);
    return body.retryDelay() == null ? overGrpc : Comparators.max(overGrpc, body.retryDelay());
  }

  private @Nullable Instant serverTime() {
    boolean aboutTime =
        "invalid_grant".equals(body.reason())
            && ABOUT_TIME.matcher(String.valueOf(body.message()).toLowerCase(Locale.ROOT)).find();
    return aboutTime ? ServerRetryDelay.date(headers.getDate()).orElse(null) : null;
  }
}
