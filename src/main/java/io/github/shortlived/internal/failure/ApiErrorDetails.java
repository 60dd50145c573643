package io.github.shortlived.internal.failure;

import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.ErrorDetails;
import com.google.api.gax.rpc.ProtocolBufferParsingException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RequestInfo;
import com.google.rpc.RetryInfo;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The error details in an exception of gax. Each part that is missing or cannot be read is empty,
 * because the failure itself is known.
 */
record ApiErrorDetails(Optional<ApiException> api) {

  /** Returns the reason in {@code ErrorInfo}, or null. */
  @Nullable String reason() {
    return part(ErrorDetails::getErrorInfo)
        .map(ErrorInfo::getReason)
        .filter(reason -> !reason.isBlank())
        .orElse(null);
  }

  /** Returns the metadata in {@code ErrorInfo}. */
  Map<String, String> metadata() {
    return part(ErrorDetails::getErrorInfo).map(ErrorInfo::getMetadataMap).orElse(Map.of());
  }

  /** Returns the delay in {@code RetryInfo}; zero for none. */
  Duration retryDelay() {
    return part(ErrorDetails::getRetryInfo)
        .map(RetryInfo::getRetryDelay)
        .map(delay -> HttpErrorResponse.limited(delay.getSeconds(), delay.getNanos()))
        .filter(delay -> !delay.isNegative())
        .orElse(Duration.ZERO);
  }

  /** Returns the ID in {@code RequestInfo}. */
  Optional<String> requestId() {
    return part(ErrorDetails::getRequestInfo).map(RequestInfo::getRequestId);
  }

  private <T> Optional<T> part(Function<ErrorDetails, @Nullable T> part) {
    try {
      return api.map(ApiException::getErrorDetails).map(part);
    } catch (ProtocolBufferParsingException e) {
      return Optional.empty();
    }
  }
}
