package io.github.shortlived.testing;

import com.google.protobuf.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What serves at this moment, behind methods and routes that outlive a reset. */
final class LiveBackend {
  private volatile Backend current;

  LiveBackend(Backend first) {
    this.current = first;
  }

  Backend get() {
    return current;
  }

  void replace(Backend next) {
    current = next;
  }

  Message call(RpcMethod<?> method, @Nullable String authorization, RpcRequest request) {
    return current.call(method, authorization, request);
  }

  Router router() {
    return new Router(
        List.of(
            RouteGroup.of(() -> current.plain()),
            RouteGroup.of(RestBinding.routes(current.services(), this)),
            RouteGroup.lazy(
                "/compute/",
                () -> ComputeErrors.wrapped(RestBinding.routes(current.compute().get(), this)),
                ComputeErrors::reply)));
  }
}
