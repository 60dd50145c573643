package io.github.shortlived.testing.internal.http;

import com.google.rpc.Code;
import io.github.shortlived.testing.internal.control.CallRecorder;
import io.github.shortlived.testing.internal.control.CallTarget;
import java.util.List;
import java.util.stream.Stream;

/** Routes that serve no method of a proto, with faults and the log of calls. */
public final class NonRpcRoutes {
  private NonRpcRoutes() {}

  /** Returns the same routes with faults and the log; {@code name} is their method in both. */
  public static Stream<HttpRoute> recorded(String name, Stream<HttpRoute> routes) {
    return routes.map(route -> recorded(name, route));
  }

  private static HttpRoute recorded(String name, HttpRoute route) {
    return new HttpRoute(
        route.method(),
        route.path(),
        (world, call, variables) ->
            CallRecorder.serve(
                world.controls(),
                name,
                new CallTarget(call.path(), List.of()),
                notes -> {
                  requireReadable(call);
                  return noted(notes, route.endpoint().serve(world, call, variables));
                }));
  }

  private static void requireReadable(HttpCall call) {
    call.body();
    call.query();
  }

  private static HttpReply noted(CallRecorder notes, HttpReply reply) {
    notes.status(code(reply.status()));
    if (reply.status() >= 400 && !reply.isJson()) {
      CallRecorder.explain(reply.body().strip());
    }
    return reply;
  }

  private static Code code(int httpStatus) {
    if (httpStatus < 400) {
      return Code.OK;
    }
    return switch (httpStatus) {
      case 401 -> Code.UNAUTHENTICATED;
      case 403 -> Code.PERMISSION_DENIED;
      case 404 -> Code.NOT_FOUND;
      default -> httpStatus < 500 ? Code.INVALID_ARGUMENT : Code.INTERNAL;
    };
  }
}
