package io.github.shortlived.testing;

import com.google.rpc.Code;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
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

  /** The first route that fits serves; the groups go from wide to narrow. */
  Router(List<RouteGroup> groups) {
    this.groups = List.copyOf(groups);
  }

  HttpReply serve(HttpCall call) {
    try {
      return served(call).orElseGet(() -> unserved(call));
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

  private HttpReply unserved(HttpCall call) {
    List<HttpRoute> fitting =
        routes(call).filter(route -> route.path().match(call.path()).isPresent()).toList();
    Set<String> allowed =
        fitting.stream().map(HttpRoute::method).collect(Collectors.toCollection(TreeSet::new));
    return allowed.isEmpty()
        ? refused(call, new RpcException(Code.NOT_FOUND, "Requested entity was not found."))
        : notAllowed(call, fitting, allowed).with("Allow", String.join(", ", allowed));
  }

  /** Where a path has one method only, it is that one's to refuse and to log. */
  private HttpReply notAllowed(HttpCall call, List<HttpRoute> fitting, Set<String> allowed) {
    RpcException refusal = RpcException.http(405, Code.UNIMPLEMENTED, "Method not allowed.");
    try {
      return allowed.size() == 1
          ? served(fitting.get(0), call.refused(refusal)).orElseThrow()
          : refused(call, refusal);
    } catch (RpcException refused) {
      return Envelope.of(refused);
    }
  }

  /** In the form of the group that is most about the path. */
  private HttpReply refused(HttpCall call, RpcException refusal) {
    return groups(call)
        .reduce((all, narrower) -> narrower)
        .map(group -> group.refuse(refusal))
        .orElseGet(() -> Envelope.of(refusal));
  }

  private Stream<HttpRoute> routes(HttpCall call) {
    return groups(call).flatMap(group -> group.routes().get().stream());
  }

  private Stream<RouteGroup> groups(HttpCall call) {
    return groups.stream().filter(group -> group.mayServe(call));
  }
}
