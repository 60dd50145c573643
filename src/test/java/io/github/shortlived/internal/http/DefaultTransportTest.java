package io.github.shortlived.internal.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpTransport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefaultTransportTest {
  private static final int CALLS = 16;
  private static final int ROUNDS = 4;
  private static final int LONG_SECONDS = 30;
  private static final String UNAUTHORIZED =
      "HTTP/1.1 401 Unauthorized\r\nContent-Length: 7\r\n\r\nexpired";

  /** The JDK would keep the connection open for an hour. */
  private static final String KEEPING_ALIVE =
      "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=3600\r\nContent-Length: 0\r\n\r\n";

  private final CyclicBarrier allWait = new CyclicBarrier(CALLS);

  /** NetHttpTransport needs 49: it keeps five connections after each round. */
  @Test
  void post_overlappingCalls_haveOneConnectionEach(@TempDir Path folder) throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(CALLS);
    try (Tls tls = Tls.trusted(folder);
        RawServer server = new RawServer(tls.serverSocket(), this::respondToAllAtOnce)) {
      HttpTransport transport = DefaultTransport.create();
      Callable<String> call =
          () -> {
            HttpResponse response = Kind.post(transport, server.url());
            return response.getStatusCode() + response.parseAsString();
          };
      for (int i = 0; i < ROUNDS; i++) {
        List<Future<String>> calls =
            callers.invokeAll(Stream.generate(() -> call).limit(CALLS).toList());
        for (Future<String> each : calls) {
          assertThat(each.get(LONG_SECONDS, SECONDS)).isEqualTo("401expired");
        }
      }
      assertThat(server.connections()).isEqualTo(CALLS);
    } finally {
      callers.shutdownNow();
    }
  }

  private void respondToAllAtOnce(RawServer.Connection connection) throws IOException {
    while (connection.readRequest() != null) {
      try {
        allWait.await(LONG_SECONDS, SECONDS);
      } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
        throw new IOException(e);
      }
      connection.write(UNAUTHORIZED);
    }
  }

  @Test
  void shutdown_idleTlsConnections_closesThem(@TempDir Path folder) throws Exception {
    try (Tls tls = Tls.trusted(folder);
        RawServer server = new RawServer(tls.serverSocket(), DefaultTransportTest::respond)) {
      HttpTransport transport = DefaultTransport.create();
      Kind.post(transport, server.url()).parseAsString();
      Kind.post(transport, server.url()).parseAsString();
      assertThat(server.connections()).isEqualTo(1);
      assertThat(transport.isShutdown()).isFalse();

      transport.shutdown();

      assertThat(transport.isShutdown()).isTrue();
      assertThat(server.ended.tryAcquire(LONG_SECONDS, SECONDS)).isTrue();
      Kind.post(transport, server.url()).parseAsString(); // Closes its own connection.
      assertThat(server.ended.tryAcquire(LONG_SECONDS, SECONDS)).isTrue();
    }
  }

  private static void respond(RawServer.Connection connection) throws IOException {
    while (connection.readRequest() != null) {
      connection.write(KEEPING_ALIVE);
    }
  }

  @Test
  void post_onItsThreads_leavesOnlyDaemons() throws Exception {
    try (RawServer server = RawServer.responding(UNAUTHORIZED)) {
      for (Kind kind : Kind.values()) {
        kind.post(server.url());
      }
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().matches("short-lived-.*|Keep-Alive.*"))
        .isNotEmpty()
        .allMatch(Thread::isDaemon);
  }
}
