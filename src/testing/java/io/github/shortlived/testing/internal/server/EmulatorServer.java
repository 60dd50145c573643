package io.github.shortlived.testing.internal.server;

import io.github.shortlived.testing.internal.http.ClientTimeouts;
import io.github.shortlived.testing.internal.http.ClientTimeouts.Limits;
import io.github.shortlived.testing.internal.http.HttpServerAdapter;
import io.github.shortlived.testing.internal.rpc.GrpcServerAdapter;
import io.github.shortlived.testing.internal.rpc.RpcService;
import io.github.shortlived.testing.internal.world.World;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The HTTP server and the gRPC server of an emulator, with their threads. Each call reads the
 * current world once, and so ends in the world in which it started.
 */
public final class EmulatorServer implements AutoCloseable {
  private final JoinableThreads threads = new JoinableThreads();
  private final ExecutorService executor = Executors.newCachedThreadPool(threads);
  private final ClientTimeouts clients = new ClientTimeouts(Limits.STANDARD, threads);
  private final HttpServerAdapter http;
  private final GrpcServerAdapter grpc;
  private volatile World current;

  private EmulatorServer(World first, int httpPort) {
    this.current = first;
    this.http = HttpServerAdapter.bind(httpPort);
    List<RpcService> services = Services.rpcServices(http.uri());
    this.grpc = GrpcServerAdapter.start(services, this::world, executor, threads);
    http.start(Services.router(this::world, services, http.uri(), grpc.uri()), executor, clients);
  }

  public static EmulatorServer start(World first, int httpPort) {
    return new EmulatorServer(first, httpPort);
  }

  public World world() {
    return current;
  }

  /** Replaces the world. Calls in flight keep the old one. */
  public void replaceWorld(World world) {
    current = world;
  }

  public URI http() {
    return http.uri();
  }

  public URI grpc() {
    return grpc.uri();
  }

  @Override
  public void close() {
    // The gRPC event loop stops last, so that the responses in flight are still sent.
    clients.close();
    http.close();
    grpc.refuseCalls();
    executor.shutdown();
    awaitResponses();
    executor.shutdownNow();
    grpc.close();
    threads.join();
  }

  private void awaitResponses() {
    try {
      executor.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Creates daemon threads, and waits for them to end. */
  private static final class JoinableThreads implements ThreadFactory {
    private static final long TIMEOUT_MILLIS = TimeUnit.SECONDS.toMillis(2);

    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    @Override
    public Thread newThread(Runnable task) {
      threads.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
      Thread thread = new Thread(task, "iam-emulator-" + threads.size());
      thread.setDaemon(true);
      threads.add(thread);
      return thread;
    }

    void join() {
      try {
        for (Thread thread : threads) {
          thread.join(TIMEOUT_MILLIS);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
