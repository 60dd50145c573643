package io.github.shortlived.testing;

import com.google.rpc.Code;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds who serves an HTTP call, and turns every failure into Google's envelope. */
final class Router {
  private static final Logger LOGGER = System.getLogger(Router.class.getName());

  private final List<RouteGroup> groups;

  /** The first route that fits serves. */
  Router(List<RouteGroup> groups) {
    this.groups = List.copyOf(groups);
  }

  HttpReply serve(HttpCall call) {
    try {
      return served(call).orElseGet(() -> unserved(allowed(call)));
    } catch (RpcException refusal) {
      return Envelope.of(refusal);
    } catch (ConnectionFault fault) {
      return fault.reply();
    } catch (RuntimeException bug) {
      LOGGER.log(Level.ERROR, "The emulator failed in " + call, bug);
      return Envelope.of(Refusals.internal());
    }
  }

  private Optional<HttpReply> served(HttpCall call) {
    return routes(call)
        .filter(route -> route.method().equals(call.method()))
        .flatMap(route -> served(route, call).stream())
        .findFirst();
  }

  private static Optional<HttpReply> served(HttpRoute route, HttpCall call) {
    return route.path().match(call.path()).map(values -> route.endpoint().serve(call, values));
  }

  private static HttpReply unserved(Collection<String> allowed) {
    if (allowed.isEmpty()) {
      return Envelope.of(new RpcException(Code.NOT_FOUND, "Requested entity was not found."));
    }
    RpcException refusal = new RpcException(Code.UNIMPLEMENTED, "Method not allowed.");
    return Envelope.of(405, refusal).with("Allow", String.join(", ", allowed));
  }

  private Set<String> allowed(HttpCall call) {
    return routes(call)
        .filter(route -> route.path().match(call.path()).isPresent())
        .map(HttpRoute::method)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Stream<HttpRoute> routes(HttpCall call) {
    return groups.stream()
        .filter(group -> group.mayServe(call))
        .flatMap(group -> group.routes().get().stream());
  }
}
