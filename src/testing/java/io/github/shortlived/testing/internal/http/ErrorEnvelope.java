package io.github.shortlived.testing.internal.http;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.github.shortlived.testing.internal.error.RpcException;
import io.github.shortlived.testing.internal.json.Json;

/** Errors in Google's JSON form. */
public final class ErrorEnvelope {
  private static final JsonFormat.Printer DETAILS =
      JsonFormat.printer()
          .usingTypeRegistry(TypeRegistry.newBuilder().add(ErrorInfo.getDescriptor()).build());

  private ErrorEnvelope() {}

  public static HttpReply of(RpcException refusal) {
    HttpReply reply = of(refusal.httpStatus().orElse(httpStatus(refusal.code())), refusal);
    return refusal.code() == Code.UNAUTHENTICATED
        ? reply.with("WWW-Authenticate", "Bearer realm=\"https://accounts.google.com/\"")
        : refusal.retryAfter().map(seconds -> reply.with("Retry-After", seconds)).orElse(reply);
  }

  private static HttpReply of(int httpStatus, RpcException refusal) {
    JsonObject error = new JsonObject();
    error.addProperty("code", httpStatus);
    error.addProperty("message", refusal.status().getMessage());
    error.addProperty("status", refusal.code().name());
    if (refusal.status().getDetailsCount() > 0) {
      error.add("details", details(refusal.status()));
    }
    JsonObject envelope = new JsonObject();
    envelope.add("error", error);
    return HttpReply.json(httpStatus, envelope);
  }

  private static JsonElement details(Status status) {
    Status detailsOnly = Status.newBuilder().addAllDetails(status.getDetailsList()).build();
    try {
      return Json.object(DETAILS.print(detailsOnly)).get("details");
    } catch (InvalidProtocolBufferException unknownType) {
      throw new IllegalStateException("A detail is none of Google's error details", unknownType);
    }
  }

  private static int httpStatus(Code code) {
    return switch (code) {
      case OK -> 200;
      case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
      case UNAUTHENTICATED -> 401;
      case PERMISSION_DENIED -> 403;
      case NOT_FOUND -> 404;
      case ABORTED, ALREADY_EXISTS -> 409;
      case RESOURCE_EXHAUSTED -> 429;
      case CANCELLED -> 499;
      case UNIMPLEMENTED -> 501;
      case UNAVAILABLE -> 503;
      case DEADLINE_EXCEEDED -> 504;
      case UNKNOWN, INTERNAL, DATA_LOSS, UNRECOGNIZED -> 500;
    };
  }
}
