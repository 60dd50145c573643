package io.github.shortlived.testing.internal.http;

import com.google.common.base.Ascii;
import io.github.shortlived.testing.internal.json.Json;

/** Indents a JSON response, error or not, if the query asks for it. */
final class PrettyPrint {
  private PrettyPrint() {}

  static HttpReply applied(HttpCall call, HttpReply reply) {
    return reply.isJson() && reply.body().startsWith("{") && isRequested(call)
        ? new HttpReply(reply.status(), reply.headers(), Json.pretty(Json.object(reply.body())))
        : reply;
  }

  private static boolean isRequested(HttpCall call) {
    return call.parameterIfReadable("$prettyPrint", "prettyPrint")
        .filter(value -> Ascii.equalsIgnoreCase(value, "true"))
        .isPresent();
  }
}
