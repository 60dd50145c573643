package io.github.shortlived.testing.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.testing.RawSocket;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of the HTTP server. */
class HttpServerAdapterTest {
  private static final int ROUNDS = 100;
  private static final int CONNECTIONS = 8;

  private final ExecutorService executor =
      Executors.newCachedThreadPool(HttpServerAdapterTest::daemon);

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  /** The JDK's own server leaves a client waiting about once in a hundred rounds. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void close_whileClientsConnect_disconnectsEach(boolean interrupted) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      HttpServerAdapter server = started();
      CountDownLatch connected = new CountDownLatch(1);
      List<CompletableFuture<List<RawSocket>>> clients =
          Stream.generate(() -> connecting(server.uri(), connected)).limit(4).toList();
      connected.await();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      server.close();
      assertThat(Thread.interrupted()).isEqualTo(interrupted);
      for (CompletableFuture<List<RawSocket>> some : clients) {
        for (RawSocket client : some.join()) {
          client.awaitEnd();
          client.close();
        }
      }
    }
  }

  @Test
  void close_twice_hasNoEffect() throws IOException {
    HttpServerAdapter server = started();
    server.close();
    server.close();
    assertThat(connections(server.uri(), new CountDownLatch(1))).isEmpty();
  }

  /** A thread that is not there cannot stop the server, so there is nothing to wait for. */
  @Test
  @Timeout(4)
  void close_neverStarted_returnsAtOnce() {
    HttpServerAdapter.bind(0).close();
  }

  private HttpServerAdapter started() {
    HttpServerAdapter server = HttpServerAdapter.bind(0);
    Router none =
        new Router(
            () -> {
              throw new AssertionError("No request is complete");
            },
            List.of());
    server.start(
        none,
        executor,
        new ClientTimeouts(ClientTimeouts.Limits.STANDARD, HttpServerAdapterTest::daemon));
    return server;
  }

  private CompletableFuture<List<RawSocket>> connecting(URI server, CountDownLatch connected) {
    return CompletableFuture.supplyAsync(() -> connections(server, connected), executor);
  }

  /** Connects until the server is closed. */
  private static List<RawSocket> connections(URI server, CountDownLatch connected) {
    List<RawSocket> clients = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        clients.add(RawSocket.to(server));
        connected.countDown();
        clients.get(i).send("POST / HTTP/1.1\r\n");
      }
    } catch (IOException closed) {
      return clients;
    }
    return clients;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    return thread;
  }
}
