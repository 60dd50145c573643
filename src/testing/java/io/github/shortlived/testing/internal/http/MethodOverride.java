package io.github.shortlived.testing.internal.http;

import com.google.common.base.Ascii;

/**
 * The HTTP method in the header of a POST. Google's Java clients send PATCH in this form, and its
 * Python clients send a GET with a long query.
 */
final class MethodOverride {
  private static final String HEADER = "X-HTTP-Method-Override";

  private MethodOverride() {}

  /** Returns the call with the method that it stands for. */
  static HttpCall applied(HttpCall call) {
    return call.header(HEADER)
        .map(method -> Ascii.toUpperCase(method.strip()))
        .filter(method -> call.method().equals("POST") && !method.isEmpty())
        .map(call::withMethod)
        .orElse(call);
  }
}
