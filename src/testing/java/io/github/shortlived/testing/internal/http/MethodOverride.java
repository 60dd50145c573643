package io.github.shortlived.testing.internal.http;

import com.google.common.base.Ascii;
import java.util.function.Function;

/**
 * The HTTP method in the header of a POST. Google's Java clients send PATCH in this form, and its
 * Python clients send a GET with a long query.
 */
final class MethodOverride {
  private static final String HEADER = "X-HTTP-Method-Override";

  private MethodOverride() {}

  /** Serves the call with the method that it stands for; the response to HEAD has no body. */
  static HttpReply serve(HttpCall received, Function<HttpCall, HttpReply> server) {
    HttpCall call = applied(received);
    HttpReply reply = server.apply(call);
    return call.method().equals("HEAD") ? reply.withoutBody() : reply;
  }

  private static HttpCall applied(HttpCall call) {
    return call.header(HEADER)
        .map(method -> Ascii.toUpperCase(method.strip()))
        .filter(method -> call.method().equals("POST") && !method.isEmpty())
        .map(call::withMethod)
        .orElse(call);
  }
}
