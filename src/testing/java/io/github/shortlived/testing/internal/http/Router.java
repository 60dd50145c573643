package io.github.shortlived.testing.internal.http;

import com.google.rpc.Code;
import io.github.shortlived.testing.internal.control.CallTarget;
import io.github.shortlived.testing.internal.error.ConnectionFault;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import io.github.shortlived.testing.internal.world.World;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Serves HTTP calls by the first route that matches, and turns every exception into a response. */
public final class Router {
  private static final Logger LOGGER = System.getLogger(Router.class.getName());

  private final Supplier<World> current;
  private final List<RouteGroup> groups;

  /**
   * Serves each call in the world that is current when the call begins. The group with the
   * narrowest prefix is the last.
   */
  public Router(Supplier<World> current, List<RouteGroup> groups) {
    this.current = current;
    this.groups =
        Stream.concat(
                groups.stream(),
                Stream.of(
                    new RouteGroup(BatchRequest.PREFIX, this::batchRoutes, ErrorEnvelope::of)))
            .toList();
  }

  HttpReply serve(HttpCall received) {
    return MethodOverride.serve(received, this::response);
  }

  /** Returns all routes, in the order in which they are tried. */
  public Stream<HttpRoute> routes() {
    return groups.stream().flatMap(group -> group.routes().get().stream());
  }

  private HttpReply response(HttpCall call) {
    try {
      return response(current.get(), call);
    } catch (ConnectionFault fault) {
      return faulty(fault);
    } catch (RuntimeException bug) {
      LOGGER.log(Level.ERROR, "The emulator failed in " + call, bug);
      return ErrorEnvelope.of(GoogleErrors.internal());
    }
  }

  private HttpReply response(World world, HttpCall call) {
    return PrettyPrint.applied(call, find(world, call).orElseGet(() -> noRoute(world, call)));
  }

  private List<HttpRoute> batchRoutes() {
    return Stream.of("", "/{api=**}")
        .map(api -> HttpRoute.of("POST", BatchRequest.PREFIX + api, this::batch))
        .toList();
  }

  /** Serves the calls of a batch one after the other. */
  private HttpReply batch(World world, HttpCall batch, Map<String, String> api) {
    return BatchReply.of(
        BatchRequest.parts(batch).stream()
            .map(part -> BatchReply.part(part.contentId(), response(world, part)))
            .toList());
  }

  private HttpReply response(World world, BatchRequest.Part part) {
    return MethodOverride.serve(part.call(), call -> response(world, call));
  }

  private Optional<HttpReply> find(World world, HttpCall call) {
    return groups(call).flatMap(group -> group.serve(world, call).stream()).findFirst();
  }

  private HttpReply noRoute(World world, HttpCall call) {
    Set<String> allowed =
        groups(call)
            .flatMap(group -> group.routes().get().stream())
            .filter(route -> route.hasPath(call))
            .map(HttpRoute::method)
            .collect(Collectors.toCollection(TreeSet::new));
    return allowed.isEmpty()
        ? error(
            call, GoogleErrors.notEmulated(call.method() + " " + CallTarget.shortened(call.path())))
        : notAllowed(world, call, allowed).with("Allow", String.join(", ", allowed));
  }

  /** If the path has only one method, its route responds with the error and records the call. */
  private HttpReply notAllowed(World world, HttpCall call, Set<String> allowed) {
    RpcException error = RpcException.http(405, Code.UNIMPLEMENTED, "Method not allowed.");
    return allowed.size() == 1
        ? find(world, call.refused(allowed.iterator().next(), error)).orElseThrow()
        : error(call, error);
  }

  /** Returns the error in the form of the narrowest group that matches the path. */
  private HttpReply error(HttpCall call, RpcException error) {
    return groups(call)
        .reduce((wider, narrower) -> narrower)
        .map(group -> group.errors().apply(error))
        .orElseGet(() -> ErrorEnvelope.of(error));
  }

  private Stream<RouteGroup> groups(HttpCall call) {
    return groups.stream().filter(group -> group.mayServe(call));
  }

  /** Returns status 0, with which the server closes the connection, or incomplete JSON. */
  private static HttpReply faulty(ConnectionFault fault) {
    return switch (fault.kind()) {
      case DROPPED -> HttpReply.json(0, "");
      case MALFORMED -> HttpReply.json(200, "{\"");
    };
  }
}
