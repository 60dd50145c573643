package io.github.shortlived.testing.internal.http;

import io.github.shortlived.testing.internal.world.World;
import java.util.Map;
import java.util.Optional;

/** The endpoint that serves an HTTP method on the paths of a pattern. */
public record HttpRoute(String method, PathPattern path, Endpoint endpoint) {
  /** Serves a call in one world; {@code variables} are the decoded variables of the path. */
  @FunctionalInterface
  public interface Endpoint {
    HttpReply serve(World world, HttpCall call, Map<String, String> variables);
  }

  public static HttpRoute of(String method, String template, Endpoint endpoint) {
    return new HttpRoute(method, PathPattern.of(template), endpoint);
  }

  boolean hasPath(HttpCall call) {
    return path.match(call.path()).isPresent();
  }

  /** Serves the call, if the route matches it. */
  Optional<HttpReply> serve(World world, HttpCall call) {
    return method.equals(call.method())
        ? path.match(call.path()).map(variables -> endpoint.serve(world, call, variables))
        : Optional.empty();
  }
}
