package io.github.shortlived.testing.internal.compute;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.rpc.Code;
import io.github.shortlived.testing.internal.error.RpcException;
import io.github.shortlived.testing.internal.http.ErrorEnvelope;
import io.github.shortlived.testing.internal.http.HttpReply;
import io.github.shortlived.testing.internal.json.Json;

/**
 * Errors in Compute Engine's form, which is older than that of the other services: a list of
 * reasons besides code and message, and a {@code status} only in errors of Google's front end.
 */
public final class ComputeErrors {
  private ComputeErrors() {}

  public static HttpReply of(RpcException refusal) {
    HttpReply reply = ErrorEnvelope.of(refusal);
    JsonObject envelope = Json.object(reply.body());
    JsonObject error = envelope.getAsJsonObject("error");
    JsonArray errors = new JsonArray();
    errors.add(oneError(refusal));
    error.add("errors", errors);
    if (!isFrontEnds(refusal)) {
      error.remove("status");
    }
    return reply.withBody(envelope);
  }

  private static JsonObject oneError(RpcException refusal) {
    JsonObject error = new JsonObject();
    error.addProperty("message", message(refusal));
    error.addProperty("domain", isDisabled(refusal) ? "usageLimits" : "global");
    error.addProperty("reason", reason(refusal));
    if (refusal.code() == Code.UNAUTHENTICATED) {
      error.addProperty("location", "Authorization");
      error.addProperty("locationType", "header");
    }
    return error;
  }

  private static String message(RpcException refusal) {
    if (refusal.code() == Code.UNAUTHENTICATED) {
      return "Invalid Credentials";
    }
    return lacksScope(refusal) ? "Insufficient Permission" : refusal.status().getMessage();
  }

  private static String reason(RpcException refusal) {
    return switch (refusal.code()) {
      case UNAUTHENTICATED -> "authError";
      case PERMISSION_DENIED -> denied(refusal);
      case NOT_FOUND -> "notFound";
      case INVALID_ARGUMENT -> "invalid";
      case RESOURCE_EXHAUSTED -> "rateLimitExceeded";
      case UNIMPLEMENTED -> "notImplemented";
      default -> "backendError";
    };
  }

  private static String denied(RpcException refusal) {
    if (isDisabled(refusal)) {
      return "accessNotConfigured";
    }
    return lacksScope(refusal) ? "insufficientPermissions" : "forbidden";
  }

  private static boolean isFrontEnds(RpcException refusal) {
    return refusal.code() == Code.UNAUTHENTICATED || lacksScope(refusal) || isDisabled(refusal);
  }

  private static boolean isDisabled(RpcException refusal) {
    return refusal.code() == Code.PERMISSION_DENIED
        && refusal.status().getMessage().contains("before or it is disabled");
  }

  private static boolean lacksScope(RpcException refusal) {
    return refusal.code() == Code.PERMISSION_DENIED
        && refusal.status().getMessage().contains("authentication scopes");
  }
}
