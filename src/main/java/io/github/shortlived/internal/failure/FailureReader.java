package io.github.shortlived.internal.failure;

import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.grpc.GrpcStatusCode;
import com.google.api.gax.httpjson.HttpJsonStatusCode;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.StatusCode.Code;
import com.google.common.base.Enums;
import com.google.common.base.Strings;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import com.google.gson.stream.MalformedJsonException;
import com.google.protobuf.InvalidProtocolBufferException;
import io.github.shortlived.internal.text.SafeText;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads an exception of gax, google-auth or google-http-client with its causes: a gRPC status, an
 * HTTP/JSON error envelope, an OAuth 2.0 error or a connection fault. Parses the body of a response
 * once.
 */
final class FailureReader {
  private static final Set<Code> RETRYABLE =
      Set.of(Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.RESOURCE_EXHAUSTED, Code.INTERNAL);
  // The legacy reasons of an exhausted quota, which is HTTP 403 as a missing permission is.
  private static final Set<String> QUOTA_REASONS =
      Set.of("rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded");
  private static final Set<String> OAUTH_TRANSIENT =
      Set.of(
          "server_error",
          "temporarily_unavailable",
          "internal_failure",
          "backend_error",
          "unavailable",
          "resource_exhausted",
          "quota_exceeded",
          "rate_limit_exceeded",
          "deadline_exceeded",
          "internal");
  // JSON without an error may be anything, such as an echo of the request.
  private static final Pattern JSON = Pattern.compile("^\\s*[\\[{]");

  private final Throwable thrown;
  private final Causes causes;
  private final @Nullable HttpResponseException http;
  private final HttpErrorBody body;
  private final DetailsReader details;

  private FailureReader(Throwable thrown) {
    this.thrown = thrown;
    this.causes = Causes.of(thrown);
    this.http = causes.first(HttpResponseException.class).orElse(null);
    this.body = HttpErrorBody.parse(http == null ? null : http.getContent());
    this.details = new DetailsReader(causes, http, body);
  }

  static ServiceFailure read(Throwable thrown) {
    return new FailureReader(thrown).read();
  }

  private ServiceFailure read() {
    return Optional.ofNullable(http)
        .map(this::ofHttp)
        .or(() -> details.proxyStatus().map(this::ofProxy))
        .or(() -> causes.first(StatusRuntimeException.class).map(this::ofGrpc))
        .or(
            () ->
                ConnectionFault.temporary(causes)
                    .map(fault -> failure(Code.UNAVAILABLE, ConnectionFault.describe(fault))))
        .or(() -> causes.first(ApiException.class).map(this::ofApi))
        .orElseGet(this::ofOther);
  }

  private ServiceFailure ofHttp(HttpResponseException e) {
    boolean quota = QUOTA_REASONS.contains(Strings.nullToEmpty(body.reason()));
    Code code =
        Optional.ofNullable(body.status())
            .flatMap(status -> Enums.getIfPresent(Code.class, status).toJavaUtil())
            .filter(status -> status != Code.OK) // It is an error, even if the body says so.
            .orElseGet(() -> codeOf(e.getStatusCode()));
    return failure(
        quota ? Code.RESOURCE_EXHAUSTED : code,
        body.reason(),
        body.metadata(),
        Optional.ofNullable(body.message()).orElseGet(() -> statusLine(e)),
        isTransient(e.getStatusCode()));
  }

  /** Returns the status and the beginning of a response that is not the service's own. */
  private static String statusLine(HttpResponseException e) {
    String line =
        "HTTP %d %s"
            .formatted(e.getStatusCode(), Strings.nullToEmpty(e.getStatusMessage()))
            .strip();
    String content = Strings.nullToEmpty(e.getContent());
    String excerpt = JSON.matcher(content).find() ? "" : SafeText.excerpt(content);
    return excerpt.isEmpty() ? line : line + ": " + excerpt;
  }

  /** Ignores the code of the status: it is the proxy's and says nothing about permissions. */
  private ServiceFailure ofProxy(int status) {
    Code code = isTransient(status) ? Code.UNAVAILABLE : Code.UNKNOWN;
    return failure(code, ConnectionFault.describe(thrown));
  }

  private ServiceFailure ofGrpc(StatusRuntimeException e) {
    Causes inner = Causes.of(e);
    if (isLost(e, inner)) {
      Code code = ConnectionFault.isUntrusted(inner) ? Code.UNKNOWN : Code.UNAVAILABLE;
      return failure(code, ConnectionFault.describe(e));
    }
    Optional<Integer> page = DetailsReader.pageStatus(e);
    Code code =
        page.map(FailureReader::codeOf)
            .orElseGet(() -> GrpcStatusCode.of(e.getStatus().getCode()).getCode());
    String message =
        Optional.ofNullable(e.getStatus().getDescription())
            .map(FailureReader::withoutHeaders)
            .orElse(code.name());
    Optional<ApiException> api = causes.first(ApiException.class);
    return failure(
        code,
        api.map(ApiException::getReason).orElse(null),
        api.map(ApiException::getMetadata).orElse(Map.of()),
        message,
        page.filter(FailureReader::isTransient).isPresent());
  }

  /** Returns whether there was no response: UNAVAILABLE in gRPC, or UNKNOWN if sending failed. */
  private static boolean isLost(StatusRuntimeException e, Causes inner) {
    return switch (e.getStatus().getCode()) {
      case UNAVAILABLE -> inner.contain(IOException.class);
      case UNKNOWN -> ConnectionFault.broken(inner).isPresent();
      default -> false;
    };
  }

  /** Removes the headers of a response that is not gRPC, which may hold cookies. */
  private static String withoutHeaders(String description) {
    return description.startsWith(DetailsReader.NOT_GRPC)
        ? SafeText.excerpt(description.replaceFirst("(?s)\nheaders: .*?(?=\nDATA-|$)", ""))
        : description;
  }

  private ServiceFailure ofApi(ApiException e) {
    Optional<IOException> fault = Causes.of(e).first(IOException.class);
    if (fault.filter(InvalidProtocolBufferException.class::isInstance).isPresent()) {
      return notJson();
    } else if (fault.isPresent()) {
      // gax reports each fault of the transport as HTTP 400; this one lasts, such as bad TLS.
      return failure(Code.UNKNOWN, ConnectionFault.describe(fault.get()));
    }
    String message = Optional.ofNullable(e.getMessage()).orElse(e.toString());
    return failure(e.getStatusCode().getCode(), e.getReason(), Map.of(), message, false);
  }

  private ServiceFailure ofOther() {
    boolean bySource = thrown instanceof SourceFailureException;
    Optional<MatchResult> oauth = SourceEndpoint.oauthError(causes);
    if (bySource && oauth.isPresent()) {
      String reason = oauth.get().group(1);
      Code code = OAUTH_TRANSIENT.contains(reason) ? Code.UNAVAILABLE : Code.UNAUTHENTICATED;
      return failure(code, reason, Map.of(), reason + oauth.get().group(2), false);
    } else if (bySource && causes.contain(MalformedJsonException.class)) {
      return notJson();
    }
    String message = describe(thrown);
    return failure(
        codeOfOther(bySource),
        details.sourceStatus().isPresent() ? SafeText.excerpt(message) : message);
  }

  private Code codeOfOther(boolean bySource) {
    Optional<MalformedResponseException> malformed = causes.first(MalformedResponseException.class);
    if (malformed.filter(MalformedResponseException::retryable).isPresent()) {
      return Code.UNAVAILABLE;
    } else if (thrown instanceof CancellationException) {
      return Code.CANCELLED;
    } else if (causes.contain(TimeoutException.class)) {
      return Code.DEADLINE_EXCEEDED;
    }
    Code unknown = bySource ? Code.UNAUTHENTICATED : Code.UNKNOWN;
    return details.sourceStatus().map(FailureReader::codeOf).orElse(unknown);
  }

  /** Adds the type to a message that is not meant for users, such as the name of a class. */
  private static String describe(Throwable thrown) {
    boolean forUsers =
        thrown instanceof IOException
            || thrown instanceof TimeoutException
            || thrown instanceof IllegalStateException
            || thrown instanceof ApiException;
    return forUsers && thrown.getMessage() != null ? thrown.getMessage() : thrown.toString();
  }

  /** Something other than the service responds, such as a captive portal, which is temporary. */
  private ServiceFailure notJson() {
    return failure(Code.UNAVAILABLE, "The response is not JSON");
  }

  /** Maps a status as gax does, except a request timeout and a proxy that requires a password. */
  private static Code codeOf(int httpStatus) {
    return switch (httpStatus) {
      case 407 -> Code.UNKNOWN;
      case 408 -> Code.DEADLINE_EXCEEDED;
      default -> HttpJsonStatusCode.of(httpStatus).getCode();
    };
  }

  /** Returns whether a retry may succeed after this status, whatever its code. */
  private static boolean isTransient(int httpStatus) {
    return httpStatus == 408 || httpStatus == 429 || (httpStatus >= 500 && httpStatus != 501);
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
    return new ServiceFailure(
        code == Code.OK ? Code.UNKNOWN : code, // A client can report a success as a failure.
        reason == null ? null : shown(reason),
        ImmutableMap.copyOf(Maps.transformValues(metadata, FailureReader::shown)),
        shown(message),
        retryable || RETRYABLE.contains(code),
        details.read(thrown instanceof SourceFailureException));
  }

  /** Redacts, and collapses to one line to prevent log injection. */
  private static String shown(String text) {
    return SafeText.oneLine(SafeText.redact(text));
  }
}
