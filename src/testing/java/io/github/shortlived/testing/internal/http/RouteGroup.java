package io.github.shortlived.testing.internal.http;

import com.google.common.base.Suppliers;
import io.github.shortlived.testing.internal.error.RpcException;
import io.github.shortlived.testing.internal.world.World;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Routes whose paths begin with {@code prefix} and whose errors have the same form. */
public record RouteGroup(
    String prefix, Supplier<List<HttpRoute>> routes, Function<RpcException, HttpReply> errors) {

  /** Creates the routes on first use: Compute's protos take half a second to load. */
  public RouteGroup {
    routes = Suppliers.memoize(routes::get);
  }

  public static RouteGroup of(Stream<HttpRoute> routes, Function<RpcException, HttpReply> errors) {
    List<HttpRoute> list = routes.toList();
    return new RouteGroup("/", () -> list, errors);
  }

  boolean mayServe(HttpCall call) {
    return call.path().startsWith(prefix);
  }

  /** Returns the response or the error of the first route that matches the call. */
  Optional<HttpReply> serve(World world, HttpCall call) {
    try {
      return routes.get().stream().flatMap(route -> route.serve(world, call).stream()).findFirst();
    } catch (RpcException error) {
      return Optional.of(errors.apply(error));
    }
  }
}
