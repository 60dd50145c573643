package io.github.shortlived.testing.internal.http;

import com.google.api.gax.rpc.StatusCode;
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
import org.jspecify.annotations.Nullable;

/** Formats errors in Google's JSON form. */
public final class ErrorEnvelope {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer()
          .usingTypeRegistry(TypeRegistry.newBuilder().add(ErrorInfo.getDescriptor()).build());

  private ErrorEnvelope() {}

  public static HttpReply of(RpcException error) {
    HttpReply reply = of(httpStatus(error), error);
    return error.code() == Code.UNAUTHENTICATED
        ? reply.with("WWW-Authenticate", "Bearer realm=\"https://accounts.google.com/\"")
        : error.retryAfter().map(seconds -> reply.with("Retry-After", seconds)).orElse(reply);
  }

  private static int httpStatus(RpcException error) {
    return error
        .httpStatus()
        .orElseGet(() -> StatusCode.Code.valueOf(error.code().name()).getHttpStatusCode());
  }

  private static HttpReply of(int httpStatus, RpcException exception) {
    JsonObject error = json(exception.status());
    @Nullable JsonElement details = error.remove("details");
    error.addProperty("code", httpStatus);
    error.addProperty("status", exception.code().name());
    if (details != null) {
      error.add("details", details);
    }
    JsonObject envelope = new JsonObject();
    envelope.add("error", error);
    return HttpReply.json(httpStatus, envelope);
  }

  private static JsonObject json(Status status) {
    try {
      return Json.object(PRINTER.print(status));
    } catch (InvalidProtocolBufferException unknownType) {
      throw new IllegalStateException("A detail is not one of Google's error details", unknownType);
    }
  }
}
