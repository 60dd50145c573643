package io.github.shortlived.testing;

import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** One world behind both transports, and the threads that serve it. */
final class Servers implements AutoCloseable {
  private final HttpFront http;
  private final GrpcFront grpc;
  private final LiveBackend current;
  private final ExecutorService executor;
  private final StalledClients clients;
  private final Threads threads;

  private Servers(
      HttpFront http,
      GrpcFront grpc,
      LiveBackend current,
      ExecutorService executor,
      StalledClients clients,
      Threads threads) {
    this.http = http;
    this.grpc = grpc;
    this.current = current;
    this.executor = executor;
    this.clients = clients;
    this.threads = threads;
  }

  static Servers start(World world, int httpPort) {
    HttpFront http = HttpFront.bind(httpPort);
    Threads threads = new Threads();
    ExecutorService executor = Executors.newCachedThreadPool(threads);
    LiveBackend current = new LiveBackend(Backend.of(world, http.uri()));
    GrpcFront grpc = GrpcFront.start(current, executor, threads);
    StalledClients clients = new StalledClients(StalledClients.PATIENCE, threads);
    http.start(current.router(), executor, clients);
    return new Servers(http, grpc, current, executor, clients, threads);
  }

  World world() {
    return current.get().world();
  }

  /** Serves another world from now on; calls under way end in the one they began in. */
  void serve(World world) {
    current.replace(Backend.of(world, http.uri()));
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
    clients.close();
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
}
