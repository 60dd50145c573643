package io.github.shortlived.internal.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpTransport;
import java.util.ArrayList;
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

/** Calls that overlap have a connection each, which the next calls use again. */
class DefaultTransportTest {
  private static final int CALLS = 16;
  private static final int ROUNDS = 4;
  private static final int LONG_SECONDS = 30;
  private static final String UNAUTHORIZED =
      "HTTP/1.1 401 Unauthorized\r\nContent-Length: 7\r\n\r\nexpired";

  private final CyclicBarrier allWait = new CyclicBarrier(CALLS);

  @Test
  void post_overlappingCalls_useTheirConnectionsAgain() throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(CALLS);
    try (RawServer server = new RawServer(this::respondToAllAtOnce)) {
      HttpTransport transport = DefaultTransport.create();
      for (int i = 0; i < ROUNDS; i++) {
        Callable<String> call =
            () -> {
              HttpResponse response = Kind.post(transport, server.url());
              return response.getStatusCode() + response.parseAsString();
            };
        List<Future<String>> calls = new ArrayList<>();
        Stream.generate(() -> call).limit(CALLS).forEach(each -> calls.add(callers.submit(each)));
        for (Future<String> each : calls) {
          assertThat(each.get(LONG_SECONDS, SECONDS)).isEqualTo("401expired");
        }
      }
      assertThat(server.connections()).isBetween(CALLS, 2 * CALLS);
    } finally {
      callers.shutdownNow();
    }
  }

  private void respondToAllAtOnce(RawServer.Connection connection) throws java.io.IOException {
    while (connection.readRequest() != null) {
      try {
        allWait.await(LONG_SECONDS, SECONDS);
      } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
        throw new java.io.IOException(e);
      }
      connection.write(UNAUTHORIZED);
    }
  }

  @Test
  void send_onDaemonThreads_leavesNoOther() throws Exception {
    try (RawServer server = RawServer.responding(UNAUTHORIZED)) {
      for (Kind kind : Kind.values()) {
        kind.post(server.url());
      }
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().matches("short-lived-.*|HttpClient-.*|Keep-Alive.*"))
        .isNotEmpty()
        .allMatch(Thread::isDaemon);
  }
}
