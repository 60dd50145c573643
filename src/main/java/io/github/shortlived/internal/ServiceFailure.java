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
import io.grpc.StatusRuntimeException;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a Google client's exception says, whatever the transport: gRPC status, HTTP/JSON error
 * envelope, OAuth 2.0 error body, or a connection fault.
 *
 * @param status the canonical code
 * @param reason the {@code ErrorInfo} reason, or the OAuth 2.0 error code, redacted
 * @param metadata the {@code ErrorInfo} metadata, redacted
 * @param message the service's own words, redacted
 * @param passing whether the same call may succeed a moment later
 */
public record ServiceFailure(
    Code status,
    @Nullable String reason,
    Map<String, String> metadata,
    String message,
    boolean passing) {

  private static final Set<Code> PASSING =
      Set.of(Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.RESOURCE_EXHAUSTED, Code.INTERNAL);

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
    return failure(code, body.reason(), body.metadata(), message);
  }

  /** As gax has it, but a request that timed out is no failed precondition. */
  private static Code codeOf(int httpStatus) {
    return httpStatus == 408 ? Code.DEADLINE_EXCEEDED : HttpJsonStatusCode.of(httpStatus).getCode();
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
        PASSING.contains(code));
  }

  private static <T extends Throwable> Optional<T> inChain(Throwable failure, Class<T> type) {
    return Throwables.getCausalChain(failure).stream()
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst();
  }
}
