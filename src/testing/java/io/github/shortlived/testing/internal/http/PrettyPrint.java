package io.github.shortlived.testing.internal.http;

import io.github.shortlived.testing.internal.json.Json;

/** Indents a JSON response, error or not, if the query asks for it. */
final class PrettyPrint {
  private PrettyPrint() {}

  static HttpReply applied(HttpCall call, HttpReply reply) {
    return reply.isJson()
            && reply.body().startsWith("{")
            && call.isTrue("$prettyPrint", "prettyPrint")
        ? new HttpReply(reply.status(), reply.headers(), Json.pretty(Json.object(reply.body())))
        : reply;
  }
}
