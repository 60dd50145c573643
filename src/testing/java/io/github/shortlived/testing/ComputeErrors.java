package io.github.shortlived.testing;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.rpc.Code;
import java.util.List;

/**
 * Compute Engine's form of an error, older than the other services': a list of reasons beside code
 * and message, and no {@code status} unless the refusal comes from Google's front door.
 */
final class ComputeErrors {
  private ComputeErrors() {}

  static List<HttpRoute> wrapped(List<HttpRoute> routes) {
    return routes.stream().map(ComputeErrors::wrapped).toList();
  }

  private static HttpRoute wrapped(HttpRoute route) {
    return new HttpRoute(
        route.method(),
        route.path(),
        (call, variables) -> {
          try {
            return route.endpoint().serve(call, variables);
          } catch (RpcException refusal) {
            return reply(refusal);
          }
        });
  }

  static HttpReply reply(RpcException refusal) {
    HttpReply reply = Envelope.of(refusal);
    JsonObject envelope = Json.object(reply.body());
    JsonObject error = envelope.getAsJsonObject("error");
    JsonArray errors = new JsonArray();
    errors.add(oneError(refusal));
    error.add("errors", errors);
    if (!isFrontDoors(refusal)) {
      error.remove("status");
    }
    return new HttpReply(reply.status(), reply.headers(), envelope.toString());
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

  private static boolean isFrontDoors(RpcException refusal) {
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
