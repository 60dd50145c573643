package io.github.shortlived.testing.internal.compute;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.rpc.Code;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import io.github.shortlived.testing.internal.http.ErrorEnvelope;
import io.github.shortlived.testing.internal.http.HttpReply;
import io.github.shortlived.testing.internal.json.Json;

/**
 * Formats errors in Compute Engine's form, which is older than that of the other services: a list
 * of reasons besides code and message, and a {@code status} only in errors of Google's front end.
 */
public final class ComputeErrors {
  private ComputeErrors() {}

  public static HttpReply of(RpcException exception) {
    HttpReply reply = ErrorEnvelope.of(exception);
    JsonObject envelope = Json.object(reply.body());
    JsonObject error = envelope.getAsJsonObject("error");
    JsonArray errors = new JsonArray();
    errors.add(oneError(exception));
    error.add("errors", errors);
    if (!isFromFrontEnd(exception)) {
      error.remove("status");
    }
    return reply.withBody(envelope);
  }

  private static JsonObject oneError(RpcException exception) {
    JsonObject error = new JsonObject();
    error.addProperty("message", message(exception));
    error.addProperty("domain", isDisabled(exception) ? "usageLimits" : "global");
    error.addProperty("reason", reason(exception));
    if (exception.code() == Code.UNAUTHENTICATED) {
      error.addProperty("location", "Authorization");
      error.addProperty("locationType", "header");
    }
    return error;
  }

  private static String message(RpcException exception) {
    if (exception.code() == Code.UNAUTHENTICATED) {
      return "Invalid Credentials";
    }
    return lacksScope(exception) ? "Insufficient Permission" : exception.status().getMessage();
  }

  private static String reason(RpcException exception) {
    return switch (exception.code()) {
      case UNAUTHENTICATED -> "authError";
      case PERMISSION_DENIED -> denied(exception);
      case NOT_FOUND -> "notFound";
      case INVALID_ARGUMENT -> "invalid";
      case RESOURCE_EXHAUSTED -> "rateLimitExceeded";
      case UNIMPLEMENTED -> "notImplemented";
      default -> "backendError";
    };
  }

  private static String denied(RpcException exception) {
    if (isDisabled(exception)) {
      return "accessNotConfigured";
    }
    return lacksScope(exception) ? "insufficientPermissions" : "forbidden";
  }

  private static boolean isFromFrontEnd(RpcException exception) {
    return exception.code() == Code.UNAUTHENTICATED
        || lacksScope(exception)
        || isDisabled(exception)
        || hasReason(exception, GoogleErrors.USER_PROJECT_DENIED);
  }

  private static boolean isDisabled(RpcException exception) {
    return hasReason(exception, GoogleErrors.SERVICE_DISABLED);
  }

  private static boolean lacksScope(RpcException exception) {
    return hasReason(exception, GoogleErrors.SCOPE_INSUFFICIENT);
  }

  private static boolean hasReason(RpcException exception, String reason) {
    return exception.reason().filter(reason::equals).isPresent();
  }
}
