package io.github.shortlived.testing;

import java.util.Map;

/** Who serves a method on the paths of a pattern. */
record HttpRoute(String method, PathPattern path, Endpoint endpoint) {

  /** Serves a call; {@code variables} are what the pattern caught of the path, decoded. */
  @FunctionalInterface
  interface Endpoint {
    HttpReply serve(HttpCall call, Map<String, String> variables);
  }

  static HttpRoute of(String method, String template, Endpoint endpoint) {
    return new HttpRoute(method, PathPattern.of(template), endpoint);
  }
}
