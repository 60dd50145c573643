package io.github.shortlived.testing.internal.http;

import com.google.rpc.Code;
import io.github.shortlived.testing.internal.error.ConnectionFault;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import io.github.shortlived.testing.internal.world.World;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the route of an HTTP call, and turns every failure into a response. */
public final class Router {
  private static final Logger LOGGER = System.getLogger(Router.class.getName());

  private final Supplier<World> current;
  private final List<RouteGroup> groups;

  /**
   * Serves each call by the first route that matches, in the world that is current when the call
   * begins. The groups go from wide to narrow prefixes.
   */
  public Router(Supplier<World> current, List<RouteGroup> groups) {
    this.current = current;
    this.groups = List.copyOf(groups);
  }

  HttpReply serve(HttpCall call) {
    try {
      World world = current.get();
      return served(world, call).orElseGet(() -> unserved(world, call));
    } catch (ConnectionFault fault) {
      return broken(fault);
    } catch (RuntimeException bug) {
      LOGGER.log(Level.ERROR, "The emulator failed in " + call, bug);
      return ErrorEnvelope.of(GoogleErrors.internal());
    }
  }

  private Optional<HttpReply> served(World world, HttpCall call) {
    return groups(call).flatMap(group -> group.serve(world, call).stream()).findFirst();
  }

  private HttpReply unserved(World world, HttpCall call) {
    Set<String> allowed =
        groups(call)
            .flatMap(group -> group.routes().get().stream())
            .filter(route -> route.hasPath(call))
            .map(HttpRoute::method)
            .collect(Collectors.toCollection(TreeSet::new));
    return allowed.isEmpty()
        ? refused(call, GoogleErrors.notFound())
        : notAllowed(world, call, allowed).with("Allow", String.join(", ", allowed));
  }

  /** If the path has only one method, that method refuses and records the call. */
  private HttpReply notAllowed(World world, HttpCall call, Set<String> allowed) {
    RpcException refusal = RpcException.http(405, Code.UNIMPLEMENTED, "Method not allowed.");
    return allowed.size() == 1
        ? served(world, call.refused(allowed.iterator().next(), refusal)).orElseThrow()
        : refused(call, refusal);
  }

  /** Returns the error in the form of the narrowest group. */
  private HttpReply refused(HttpCall call, RpcException refusal) {
    return groups(call)
        .reduce((wider, narrower) -> narrower)
        .map(group -> group.errors().apply(refusal))
        .orElseGet(() -> ErrorEnvelope.of(refusal));
  }

  private Stream<RouteGroup> groups(HttpCall call) {
    return groups.stream().filter(group -> group.mayServe(call));
  }

  /** A status of 0 makes the server close the connection; the other fault cuts a success short. */
  private static HttpReply broken(ConnectionFault fault) {
    return switch (fault.kind()) {
      case DROPPED -> HttpReply.json(0, "");
      case MALFORMED -> HttpReply.json(200, "{\"");
    };
  }
}
