package io.github.shortlived.internal;

import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.grpc.GrpcStatusCode;
import com.google.api.gax.httpjson.HttpJsonStatusCode;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.StatusCode.Code;
import com.google.auth.Retryable;
import com.google.common.base.Enums;
import com.google.common.base.Strings;
import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import com.google.gson.stream.MalformedJsonException;
import io.grpc.StatusRuntimeException;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a Google client's exception says, whatever the transport: gRPC status, HTTP/JSON error
 * envelope, OAuth 2.0 error body, or a connection fault.
 *
 * @param status the canonical code
 * @param reason the {@code ErrorInfo} reason, or the OAuth 2.0 error code, redacted
 * @param metadata the {@code ErrorInfo} metadata, redacted
 * @param message the service's own words, redacted
 * @param retryable whether the same call may succeed a moment later
 */
public record ServiceFailure(
    Code status,
    @Nullable String reason,
    Map<String, String> metadata,
    String message,
    boolean retryable) {

  private static final Set<Code> RETRYABLE =
      Set.of(Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.RESOURCE_EXHAUSTED, Code.INTERNAL);

  // The legacy reasons by which services tell a quota from a permission, both HTTP 403.
  private static final Set<String> QUOTA_REASONS =
      Set.of("rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded");
  // google-auth's words for an answer of the Security Token Service, whose cause it drops.
  private static final Pattern OAUTH_ERROR = Pattern.compile("^Error code ([A-Za-z_]+)");
  private static final Set<String> OAUTH_TRANSIENT =
      Set.of("server_error", "temporarily_unavailable", "internal_failure", "backend_error");

  /** Reads an exception of gax, google-auth or google-http-client. */
  public static ServiceFailure of(Throwable failure) {
    return inChain(failure, HttpResponseException.class)
        .map(ServiceFailure::ofHttp)
        .or(() -> inChain(failure, StatusRuntimeException.class).map(e -> ofGrpc(failure, e)))
        .or(() -> connectionFault(failure))
        .or(() -> inChain(failure, ApiException.class).map(ServiceFailure::ofApi))
        .orElseGet(() -> ofOther(failure));
  }

  private static ServiceFailure ofHttp(HttpResponseException e) {
    HttpErrorBody body = HttpErrorBody.parse(e.getContent());
    Code code =
        Enums.getIfPresent(Code.class, Optional.ofNullable(body.status()).orElse(""))
            .or(codeOf(e.getStatusCode()));
    String message =
        Optional.ofNullable(body.message())
            .orElse(
                "HTTP %d %s"
                    .formatted(e.getStatusCode(), Strings.nullToEmpty(e.getStatusMessage()))
                    .strip());
    boolean quota = QUOTA_REASONS.contains(Strings.nullToEmpty(body.reason()));
    return failure(quota ? Code.RESOURCE_EXHAUSTED : code, body.reason(), body.metadata(), message);
  }

  /** As gax has it, but for a request that timed out and a proxy that wants a password. */
  private static Code codeOf(int httpStatus) {
    return switch (httpStatus) {
      case 407 -> Code.UNKNOWN;
      case 408 -> Code.DEADLINE_EXCEEDED;
      default -> HttpJsonStatusCode.of(httpStatus).getCode();
    };
  }

  private static ServiceFailure ofGrpc(Throwable failure, StatusRuntimeException e) {
    Code code = GrpcStatusCode.of(e.getStatus().getCode()).getCode();
    String message = Optional.ofNullable(e.getStatus().getDescription()).orElse(code.name());
    Optional<ApiException> api = inChain(failure, ApiException.class);
    String reason = api.map(ApiException::getReason).orElse(null);
    Map<String, String> metadata = api.map(ApiException::getMetadata).orElse(Map.of());
    return failure(code, reason, metadata, message);
  }

  private static Optional<ServiceFailure> connectionFault(Throwable failure) {
    if (inChain(failure, GeneralSecurityException.class).isPresent()) {
      return Optional.empty(); // A certificate that is not trusted stays so.
    }
    return Throwables.getCausalChain(failure).stream()
        .filter(ServiceFailure::breaksConnection)
        .findFirst()
        .map(fault -> failure(Code.UNAVAILABLE, null, Map.of(), rootOf(fault)));
  }

  /** What really happened, without the words of those who passed it on. */
  private static String rootOf(Throwable fault) {
    Throwable root = Throwables.getRootCause(fault);
    String message = Strings.nullToEmpty(root.getMessage());
    return (root.getClass().getSimpleName() + ": " + message).replaceFirst(": $", "");
  }

  private static boolean breaksConnection(Throwable fault) {
    return fault instanceof SocketException
        || fault instanceof SocketTimeoutException
        || fault instanceof UnknownHostException
        || fault instanceof EOFException
        || String.valueOf(fault.getMessage()).startsWith("Premature EOF")
        || (fault instanceof Retryable retryable && retryable.isRetryable());
  }

  private static ServiceFailure ofApi(ApiException e) {
    Optional<IOException> fault = inChain(e, IOException.class);
    if (fault.isPresent()) {
      // gax calls every fault of the transport HTTP 400; this one does not pass, such as bad TLS.
      return failure(Code.UNKNOWN, null, Map.of(), rootOf(fault.get()));
    }
    String message = Optional.ofNullable(e.getMessage()).orElse(e.toString());
    return failure(e.getStatusCode().getCode(), e.getReason(), Map.of(), message);
  }

  private static ServiceFailure ofOther(Throwable failure) {
    Matcher oauth = OAUTH_ERROR.matcher(Strings.nullToEmpty(failure.getMessage()));
    if (failure instanceof SourceFailureException && oauth.find()) {
      String reason = oauth.group(1);
      Code code = OAUTH_TRANSIENT.contains(reason) ? Code.UNAVAILABLE : Code.UNAUTHENTICATED;
      return failure(code, reason, Map.of(), oauth.replaceFirst("$1"));
    } else if (failure instanceof SourceFailureException
        && inChain(failure, MalformedJsonException.class).isPresent()) {
      return failure(Code.UNAVAILABLE, null, Map.of(), "The answer was not JSON");
    }
    String message = Optional.ofNullable(failure.getMessage()).orElse(failure.toString());
    Code code = failure instanceof SourceFailureException ? Code.UNAUTHENTICATED : Code.UNKNOWN;
    return failure(code, null, Map.of(), message);
  }

  private static ServiceFailure failure(
      Code code, @Nullable String reason, Map<String, String> metadata, String message) {
    return new ServiceFailure(
        code,
        reason == null ? null : Redaction.redact(reason),
        ImmutableMap.copyOf(Maps.transformValues(metadata, Redaction::redact)),
        Redaction.redact(message),
        RETRYABLE.contains(code));
  }

  private static <T extends Throwable> Optional<T> inChain(Throwable failure, Class<T> type) {
    return Throwables.getCausalChain(failure).stream()
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst();
  }
}
