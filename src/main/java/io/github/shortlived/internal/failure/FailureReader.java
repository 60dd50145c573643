package io.github.shortlived.internal.failure;

import com.google.api.client.http.HttpResponseException;
import com.google.api.client.http.HttpStatusCodes;
import com.google.api.gax.grpc.GrpcStatusCode;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.StatusCode.Code;
import com.google.common.base.Strings;
import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Iterables;
import com.google.common.collect.Streams;
import com.google.gson.stream.MalformedJsonException;
import com.google.protobuf.InvalidProtocolBufferException;
import io.github.shortlived.internal.text.SafeText;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads an exception of gax, google-auth or google-http-client with its causes: a gRPC status, an
 * HTTP error response, an OAuth 2.0 error or a connection fault.
 */
final class FailureReader {
  private static final Set<Code> RETRYABLE =
      Set.of(Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.RESOURCE_EXHAUSTED, Code.INTERNAL);
  // The texts of gRPC, whose code for a large message is the one for an exceeded quota.
  private static final Pattern MESSAGE_TOO_LARGE =
      Pattern.compile(
          "message (?:exceeds maximum size|too large|(?:after decompression )?larger than max)");
  // gRPC's description of a response that is not gRPC begins so.
  private static final String NOT_GRPC = "HTTP status code ";
  private static final Pattern PAGE_STATUS = Pattern.compile("^" + NOT_GRPC + "([1-5][0-9]{2})");

  private final Throwable thrown;
  private final Optional<SourceFailureException> source;
  private final Optional<HttpErrorResponse> http;
  private final Optional<ApiException> api;

  private FailureReader(Throwable thrown) {
    this.thrown = thrown;
    this.source = first(thrown, SourceFailureException.class);
    this.http = first(thrown, HttpResponseException.class).map(HttpErrorResponse::new);
    this.api = first(thrown, ApiException.class);
  }

  /** Returns the first exception of this type in the causes. */
  private static <T> Optional<T> first(Throwable thrown, Class<T> type) {
    return Streams.stream(Iterables.filter(Throwables.getCausalChain(thrown), type)).findFirst();
  }

  static ServiceFailure read(Throwable thrown) {
    return new FailureReader(thrown).read();
  }

  private ServiceFailure read() {
    return http.map(this::ofHttp)
        .or(() -> ConnectionFault.proxyStatus(thrown).map(this::ofProxy))
        .or(() -> first(thrown, StatusRuntimeException.class).map(this::ofGrpc))
        .or(
            () ->
                ConnectionFault.temporary(thrown)
                    .map(fault -> failure(Code.UNAVAILABLE, ConnectionFault.describe(fault))))
        .or(() -> api.map(this::ofApi))
        .orElseGet(this::ofOther);
  }

  private ServiceFailure ofHttp(HttpErrorResponse response) {
    return failure(
        response.code(),
        response.reason(),
        response.metadata(),
        response.message(),
        HttpErrorResponse.isTransient(response.status())
            || (source.isPresent() && SourceEndpoint.isTransient(response.reason())));
  }

  /** Ignores the code of the status: it is the proxy's and says nothing about permissions. */
  private ServiceFailure ofProxy(int status) {
    Code code = HttpErrorResponse.isTransient(status) ? Code.UNAVAILABLE : Code.UNKNOWN;
    return failure(code, ConnectionFault.describe(thrown));
  }

  private ServiceFailure ofGrpc(StatusRuntimeException e) {
    if (ConnectionFault.isLost(e)) {
      Code code = ConnectionFault.isUntrusted(e) ? Code.UNKNOWN : Code.UNAVAILABLE;
      return failure(code, ConnectionFault.describe(e));
    }
    Optional<Integer> page = pageStatus(e);
    Code code =
        page.map(FailureReader::codeOfStatus)
            .orElseGet(() -> GrpcStatusCode.of(e.getStatus().getCode()).getCode());
    return failure(
        code,
        details().reason(),
        details().metadata(),
        withoutHeaders(Strings.nullToEmpty(e.getStatus().getDescription())),
        page.filter(HttpErrorResponse::isTransient).isPresent());
  }

  /** Returns the status of a response that is not gRPC; gRPC and gax map it to two codes. */
  private static Optional<Integer> pageStatus(StatusRuntimeException e) {
    return PAGE_STATUS
        .matcher(Strings.nullToEmpty(e.getStatus().getDescription()))
        .results()
        .findFirst()
        .map(status -> Integer.valueOf(status.group(1)));
  }

  /** Maps the status of a failure; a success without the response comes from an intermediary. */
  private static Code codeOfStatus(int httpStatus) {
    return HttpStatusCodes.isSuccess(httpStatus)
        ? Code.UNAVAILABLE
        : HttpErrorResponse.codeOf(httpStatus);
  }

  /** Removes the headers of a response that is not gRPC, which may hold cookies. */
  private static String withoutHeaders(String description) {
    return description.startsWith(NOT_GRPC)
        ? SafeText.excerpt(description.replaceFirst("(?s)\nheaders: .*?(?=\nDATA-|$)", ""))
        : description;
  }

  private ServiceFailure ofApi(ApiException e) {
    Optional<IOException> fault = first(e, IOException.class);
    if (fault.filter(InvalidProtocolBufferException.class::isInstance).isPresent()) {
      return isJsonObject(fault.get()) ? incomplete() : notJson();
    } else if (fault.isPresent()) {
      // gax reports each fault of the transport as HTTP 400; this one lasts, such as bad TLS.
      return failure(Code.UNKNOWN, ConnectionFault.describe(fault.get()));
    }
    return failure(e.getStatusCode().getCode(), details().reason(), Map.of(), describe(e), false);
  }

  /** Returns whether protobuf refused a field, not the whole response. */
  private boolean isJsonObject(IOException fault) {
    return first(fault, MalformedJsonException.class).isEmpty()
        && !Strings.nullToEmpty(fault.getMessage()).startsWith("Expect ");
  }

  private ServiceFailure ofOther() {
    boolean bySource = thrown instanceof SourceFailureException;
    Optional<MatchResult> oauth = SourceEndpoint.oauthError(thrown);
    if (bySource && oauth.isPresent()) {
      String reason = oauth.get().group(1);
      Code code = SourceEndpoint.isTransient(reason) ? Code.UNAVAILABLE : Code.UNAUTHENTICATED;
      return failure(code, reason, Map.of(), reason + oauth.get().group(2), false);
    } else if (bySource && first(thrown, MalformedJsonException.class).isPresent()) {
      return notJson();
    }
    String message = describe(thrown);
    return failure(
        codeOfOther(bySource), sourceStatus().isPresent() ? SafeText.excerpt(message) : message);
  }

  private Code codeOfOther(boolean bySource) {
    if (first(thrown, MalformedResponseException.class)
        .filter(MalformedResponseException::retryable)
        .isPresent()) {
      return Code.UNAVAILABLE;
    } else if (thrown instanceof CancellationException) {
      return Code.CANCELLED;
    } else if (first(thrown, TimeoutException.class).isPresent()) {
      return Code.DEADLINE_EXCEEDED;
    }
    Code unknown = bySource ? Code.UNAUTHENTICATED : Code.UNKNOWN;
    return sourceStatus().map(FailureReader::codeOfStatus).orElse(unknown);
  }

  /** Adds the type to a message that is not meant for users, such as the name of a class. */
  private static String describe(Throwable thrown) {
    boolean forUsers =
        thrown instanceof IOException
            || thrown instanceof TimeoutException
            || thrown instanceof IllegalStateException
            || thrown instanceof ApiException;
    String message = Strings.nullToEmpty(thrown.getMessage());
    return forUsers && !message.isBlank() ? message : thrown.toString();
  }

  /** Something other than the service responds, such as a captive portal, which is temporary. */
  private ServiceFailure notJson() {
    return failure(Code.UNAVAILABLE, MalformedResponseException.NOT_JSON);
  }

  private ServiceFailure incomplete() {
    return failure(Code.UNKNOWN, MalformedResponseException.INCOMPLETE);
  }

  /** Returns the status in a message of google-auth. */
  private Optional<Integer> sourceStatus() {
    return source.flatMap(SourceEndpoint::httpStatus);
  }

  private ServiceFailure failure(Code code, String message) {
    return failure(code, null, Map.of(), message, false);
  }

  private ServiceFailure failure(
      Code code,
      @Nullable String reason,
      Map<String, String> metadata,
      String message,
      boolean retryable) {
    String line = shown(message);
    Optional<SourceEndpoint> called = source.map(SourceFailureException::called);
    return new ServiceFailure(
        code == Code.OK ? Code.UNKNOWN : code, // A client can report a success as a failure.
        reason == null ? null : shown(reason),
        shown(metadata),
        line.isBlank() ? code.name() : line,
        (retryable || RETRYABLE.contains(code)) && !isTooLarge(code, message),
        called.map(SourceEndpoint::service).orElse(null),
        called.map(SourceEndpoint::method).orElse(null),
        thrown instanceof SourceFailureException,
        response(),
        ServiceFailure.Attempts.NONE);
  }

  /** Returns whether each attempt fails, because of the size of the request or its response. */
  private static boolean isTooLarge(Code code, String message) {
    return code == Code.RESOURCE_EXHAUSTED && MESSAGE_TOO_LARGE.matcher(message).find();
  }

  /** Returns the details in an exception of gRPC; those over HTTP are in the response. */
  private ApiErrorDetails details() {
    return new ApiErrorDetails(api);
  }

  private ServiceFailure.Response response() {
    return new ServiceFailure.Response(
        httpStatus().map(OptionalInt::of).orElse(OptionalInt.empty()),
        http.map(HttpErrorResponse::requestId)
            .orElseGet(() -> details().requestId())
            .filter(id -> !id.isBlank())
            .map(SafeText::excerpt)
            .orElse(null),
        http.map(HttpErrorResponse::retryDelay).orElseGet(() -> details().retryDelay()),
        http.map(HttpErrorResponse::retryAt).orElse(null),
        http.map(HttpErrorResponse::serverTime).orElse(null));
  }

  private Optional<Integer> httpStatus() {
    return http.map(HttpErrorResponse::status)
        .or(() -> ConnectionFault.proxyStatus(thrown))
        .or(() -> first(thrown, StatusRuntimeException.class).flatMap(FailureReader::pageStatus))
        .or(this::sourceStatus);
  }

  /** Redacts names too. If two become equal, keeps the first. */
  private static ImmutableMap<String, String> shown(Map<String, String> metadata) {
    return metadata.entrySet().stream()
        .collect(
            ImmutableMap.toImmutableMap(
                entry -> shown(entry.getKey()),
                entry -> shown(entry.getValue()),
                (first, second) -> first));
  }

  /** Redacts, and collapses to one line to prevent log injection. */
  private static String shown(String text) {
    return SafeText.line(text);
  }
}
