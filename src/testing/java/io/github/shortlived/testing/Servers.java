package io.github.shortlived.testing;

import java.net.URI;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One world behind both transports, and the threads that serve it. */
final class Servers implements AutoCloseable {
  private final HttpFront http;
  private final GrpcFront grpc;
  private final ExecutorService executor;
  private final Threads threads;

  private Servers(HttpFront http, GrpcFront grpc, ExecutorService executor, Threads threads) {
    this.http = http;
    this.grpc = grpc;
    this.executor = executor;
    this.threads = threads;
  }

  static Servers start(World world) {
    Threads threads = new Threads();
    ExecutorService executor = Executors.newCachedThreadPool(threads);
    HttpFront http = HttpFront.bind();
    List<RpcService> services = Services.everywhere(world, http.uri());
    Dispatcher dispatcher =
        new Dispatcher(
            new BearerTokens(world.mint(), world.assertions()), new CallerStates(world.accounts()));
    GrpcFront grpc = GrpcFront.start(services, dispatcher, executor, threads);
    http.start(router(world, services, dispatcher, http.uri()), executor);
    return new Servers(http, grpc, executor, threads);
  }

  URI http() {
    return http.uri();
  }

  URI grpc() {
    return grpc.uri();
  }

  @Override
  public void close() {
    // Answers on their way go out first: the event loop that carries them stops last.
    http.close();
    grpc.refuseCalls();
    executor.shutdown();
    awaitAnswers();
    executor.shutdownNow();
    grpc.close();
    threads.join();
  }

  private void awaitAnswers() {
    try {
      executor.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Router router(
      World world, List<RpcService> services, Dispatcher dispatcher, URI self) {
    return new Router(
        List.of(
            RouteGroup.of(plain(world, self)),
            RouteGroup.of(RestBinding.routes(services, dispatcher)),
            RouteGroup.lazy(
                "/compute/",
                () ->
                    ComputeErrors.wrapped(
                        RestBinding.routes(
                            Services.compute(world).stream().toList(), dispatcher)))));
  }

  /** The services that no proto describes. */
  private static List<HttpRoute> plain(World world, URI self) {
    return Stream.of(
            new TokenEndpoint(world, self).routes(),
            new TokenExchange(world).routes(),
            new PublishedKeys(world).routes(),
            new WorkloadKeys(world).routes(),
            new MetadataServer(world).routes())
        .flatMap(routes -> routes)
        .toList();
  }
}
