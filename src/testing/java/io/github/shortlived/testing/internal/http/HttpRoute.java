package io.github.shortlived.testing.internal.http;

import com.google.rpc.Code;
import io.github.shortlived.testing.internal.control.CallRecorder;
import io.github.shortlived.testing.internal.control.CallTarget;
import io.github.shortlived.testing.internal.world.World;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The endpoint that serves an HTTP method on the paths of a pattern, which is named in a template.
 */
public record HttpRoute(String method, String template, PathPattern path, Endpoint endpoint) {
  /** Serves a call in one world; {@code variables} are the decoded variables of the path. */
  @FunctionalInterface
  public interface Endpoint {
    HttpReply serve(World world, HttpCall call, Map<String, String> variables);
  }

  public static HttpRoute of(String method, String template, Endpoint endpoint) {
    return new HttpRoute(method, template, PathPattern.of(template), endpoint);
  }

  /**
   * Returns routes that apply the active faults and record their calls under one name, for
   * endpoints that are not RPC methods.
   */
  public static Stream<HttpRoute> recorded(String name, Stream<HttpRoute> routes) {
    return routes.map(
        route ->
            route.with(
                (world, call, variables) ->
                    CallRecorder.serve(
                        world.controls(),
                        name,
                        new CallTarget(call.path(), List.of()),
                        log -> route.serve(world, call, variables, log))));
  }

  /** Returns recorded routes whose responses have the form that the system parameters select. */
  public static Stream<HttpRoute> ofApi(String name, Stream<HttpRoute> routes) {
    return recorded(
        name,
        routes.map(
            route ->
                route.with(
                    (world, call, variables) -> {
                      SystemParameters parameters = SystemParameters.of(call);
                      return parameters.applied(route.endpoint.serve(world, call, variables));
                    })));
  }

  private HttpRoute with(Endpoint other) {
    return new HttpRoute(method, template, path, other);
  }

  boolean hasPath(HttpCall call) {
    return path.match(call.path()).isPresent();
  }

  /** Serves the call, if the route matches it. */
  Optional<HttpReply> serve(World world, HttpCall call) {
    return serves(call.method())
        ? path.match(call.path()).map(variables -> endpoint.serve(world, call, variables))
        : Optional.empty();
  }

  /** RFC 9110 defines HEAD as GET without the body, which the server leaves out. */
  private boolean serves(String requested) {
    return method.equals(requested) || (method.equals("GET") && requested.equals("HEAD"));
  }

  /** Refuses a malformed call, even if the endpoint reads neither its body nor its query. */
  private HttpReply serve(
      World world, HttpCall call, Map<String, String> variables, CallRecorder log) {
    call.body();
    call.query();
    HttpReply reply = endpoint.serve(world, call, variables);
    log.setStatus(code(reply.status()));
    if (reply.status() >= 400 && !reply.isJson()) {
      CallRecorder.explain(reply.body().strip());
    }
    return reply;
  }

  @Override
  public String toString() {
    return method + " " + template;
  }

  private static Code code(int httpStatus) {
    return switch (httpStatus) {
      case 401 -> Code.UNAUTHENTICATED;
      case 403 -> Code.PERMISSION_DENIED;
      case 404 -> Code.NOT_FOUND;
      default ->
          httpStatus < 400 ? Code.OK : httpStatus < 500 ? Code.INVALID_ARGUMENT : Code.INTERNAL;
    };
  }
}
