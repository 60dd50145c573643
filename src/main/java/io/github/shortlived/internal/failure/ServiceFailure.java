package io.github.shortlived.internal.failure;

import com.google.api.gax.rpc.StatusCode.Code;
import java.util.Map;
import java.util.Optional;
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
 * @param details what else is known about the call
 */
public record ServiceFailure(
    Code status,
    @Nullable String reason,
    Map<String, String> metadata,
    String message,
    boolean retryable,
    CallDetails details) {

  // The messages of IAM and of Compute Engine.
  private static final Pattern NAMED_PERMISSION =
      Pattern.compile("^(?:Permission|Required) '([\\w.]+)' (?:denied|permission)");

  ServiceFailure with(CallDetails changed) {
    return new ServiceFailure(status, reason, metadata, message, retryable, changed);
  }

  /** Returns the missing permission, from the metadata or else from the message. */
  public Optional<String> permission() {
    return Optional.ofNullable(metadata.get("permission")).or(this::permissionInMessage);
  }

  private Optional<String> permissionInMessage() {
    return NAMED_PERMISSION.matcher(message).results().findFirst().map(named -> named.group(1));
  }
}
