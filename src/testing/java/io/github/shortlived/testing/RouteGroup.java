package io.github.shortlived.testing;

import com.google.common.base.Suppliers;
import java.util.List;
import java.util.function.Supplier;

/**
 * Routes whose paths begin alike, made when one is first asked for: Compute's protos take half a
 * second to load.
 */
record RouteGroup(String prefix, Supplier<List<HttpRoute>> routes) {
  static RouteGroup lazy(String prefix, Supplier<List<HttpRoute>> routes) {
    return new RouteGroup(prefix, Suppliers.memoize(routes::get));
  }

  static RouteGroup of(List<HttpRoute> routes) {
    List<HttpRoute> copy = List.copyOf(routes);
    return new RouteGroup("/", () -> copy);
  }

  boolean mayServe(HttpCall call) {
    return call.path().startsWith(prefix);
  }
}
