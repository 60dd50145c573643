package io.github.shortlived.testing;

import com.google.common.base.Suppliers;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Routes whose paths begin alike, made when one is first asked for: Compute's protos take half a
 * second to load. {@code errors} is the form in which what no route serves is refused there.
 */
record RouteGroup(
    String prefix, Supplier<List<HttpRoute>> routes, Function<RpcException, HttpReply> errors) {
  static RouteGroup lazy(
      String prefix, Supplier<List<HttpRoute>> routes, Function<RpcException, HttpReply> errors) {
    return new RouteGroup(prefix, Suppliers.memoize(routes::get), errors);
  }

  static RouteGroup of(List<HttpRoute> routes) {
    List<HttpRoute> copy = List.copyOf(routes);
    return of(() -> copy);
  }

  static RouteGroup of(Supplier<List<HttpRoute>> routes) {
    return new RouteGroup("/", routes, Envelope::of);
  }

  boolean mayServe(HttpCall call) {
    return call.path().startsWith(prefix);
  }

  HttpReply refuse(RpcException refusal) {
    return errors.apply(refusal);
  }
}
