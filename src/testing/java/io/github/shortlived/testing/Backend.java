package io.github.shortlived.testing;

import com.google.common.base.Suppliers;
import com.google.protobuf.Message;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One world and all that serves it; {@code compute} is made when first asked for. A reset replaces
 * it as a whole.
 */
record Backend(
    World world,
    List<RpcService> services,
    Supplier<List<RpcService>> compute,
    Dispatcher dispatcher,
    List<HttpRoute> plain) {

  static Backend of(World world, URI self) {
    return new Backend(
        world,
        Services.everywhere(world, self),
        Suppliers.memoize(() -> Services.compute(world).stream().toList()),
        new Dispatcher(world),
        plain(world, self).toList());
  }

  /** Calls this world's method of the same name. */
  Message call(RpcMethod<?> method, @Nullable String authorization, RpcRequest request) {
    RpcMethod<?> own = own(services, method).or(() -> own(compute.get(), method)).orElseThrow();
    return dispatcher.call(own, authorization, request);
  }

  private static Optional<RpcMethod<?>> own(List<RpcService> services, RpcMethod<?> method) {
    for (RpcService service : services) {
      if (service.descriptor().equals(method.descriptor().getService())) {
        return service.method(method.descriptor());
      }
    }
    return Optional.empty();
  }

  private static Stream<HttpRoute> plain(World world, URI self) {
    PlainRoutes plain = new PlainRoutes(world.knobs());
    return Stream.of(
            plain.oauth(MethodNames.TOKEN, new TokenEndpoint(world, self).routes()),
            plain.oauth(MethodNames.STS, new TokenExchange(world).routes()),
            plain.api(MethodNames.PUBLISHED_KEYS, new PublishedKeys(world).routes()),
            plain.api(MethodNames.PUBLISHED_KEYS, new WorkloadKeys(world).routes()),
            plain.text(MethodNames.METADATA, new MetadataServer(world).routes()))
        .flatMap(routes -> routes);
  }
}
