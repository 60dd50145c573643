package io.github.shortlived.testing.internal.oauth;

import com.google.common.base.Ascii;
import com.google.gson.JsonObject;
import com.google.rpc.Code;
import io.github.shortlived.testing.internal.control.CallRecorder;
import io.github.shortlived.testing.internal.error.OAuthException;
import io.github.shortlived.testing.internal.error.RpcException;
import io.github.shortlived.testing.internal.http.ErrorEnvelope;
import io.github.shortlived.testing.internal.http.HttpReply;
import java.util.function.Supplier;

/** Formats errors in the form of RFC 6749: {@code error} and {@code error_description}. */
public final class OAuthErrors {
  private OAuthErrors() {}

  /** Returns the response of a token endpoint, or its error. */
  static HttpReply reply(Supplier<JsonObject> response) {
    try {
      return HttpReply.json(200, response.get());
    } catch (OAuthException refusal) {
      String prefix = refusal.error().isEmpty() ? "" : refusal.error() + ": ";
      CallRecorder.explain(prefix + refusal.description());
      return HttpReply.json(refusal.status(), body(refusal.error(), refusal.description()));
    }
  }

  /** Returns an error that is not one of OAuth's in their form; Google's texts are unverified. */
  public static HttpReply of(RpcException refusal) {
    JsonObject body = body(error(refusal.code()), refusal.status().getMessage());
    return ErrorEnvelope.of(refusal).withBody(body);
  }

  private static String error(Code code) {
    return switch (code) {
      case INVALID_ARGUMENT, UNIMPLEMENTED -> "invalid_request";
      default -> Ascii.toLowerCase(code.name());
    };
  }

  private static JsonObject body(String error, String description) {
    JsonObject body = new JsonObject();
    if (!error.isEmpty()) {
      body.addProperty("error", error);
    }
    body.addProperty("error_description", description);
    return body;
  }
}
