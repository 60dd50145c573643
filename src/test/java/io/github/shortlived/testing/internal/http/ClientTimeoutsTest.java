package io.github.shortlived.testing.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.InternalEmulator;
import io.github.shortlived.testing.RawSocket;
import io.github.shortlived.testing.internal.http.ClientTimeouts.Limits;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientTimeoutsTest {
  private static final String RESPONSE = "a".repeat(100_000);

  private final CountDownLatch release = new CountDownLatch(1);
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final ClientTimeouts clients =
      new ClientTimeouts(
          new Limits(Duration.ofMillis(300), 100, Duration.ofMillis(300), 100),
          Executors.defaultThreadFactory());
  private final IamEmulator emulator = IamEmulator.start();
  private final HttpServerAdapter server = HttpServerAdapter.bind(0);

  ClientTimeoutsTest() {
    HttpRoute.Endpoint empty = (world, call, none) -> HttpReply.json(200, new JsonObject());
    HttpRoute.Endpoint big = (world, call, none) -> HttpReply.text(200, RESPONSE);
    HttpRoute.Endpoint slow = (world, call, none) -> HttpReply.text(200, released());
    server.start(
        new Router(
            () -> InternalEmulator.world(emulator),
            List.of(
                RouteGroup.of(
                    Stream.of(
                        HttpRoute.of("POST", "/", empty),
                        HttpRoute.of("GET", "/big", big),
                        HttpRoute.of("GET", "/slow", slow)),
                    ErrorEnvelope::of))),
        executor,
        clients);
  }

  /** All threads end by themselves: no client occupies one. */
  @AfterEach
  void stop() throws InterruptedException {
    executor.shutdown();
    assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    server.close();
    clients.close();
    emulator.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST ",
        "POST / HTTP/1.1\r\nHost: x",
        "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n{",
        "POST / HTTP/1.1\r\nContent-Length: 999999999999\r\n\r\n{",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\n{"
      })
  void client_thatStopsSending_isDisconnected(String part) throws IOException {
    try (RawSocket socket = RawSocket.to(server.uri()).send(part)) {
      socket.awaitEnd();
    }
    assertServes();
  }

  @Test
  void client_thatNeverReads_isDisconnected() throws IOException {
    try (RawSocket socket = RawSocket.to(server.uri())) {
      assertThatThrownBy(() -> sendForEver(socket, "GET /big HTTP/1.1\r\n\r\n"))
          .isInstanceOf(SocketException.class);
    }
    assertServes();
  }

  @Test
  void call_withASlowHandler_isServed() throws IOException {
    try (RawSocket slow = RawSocket.to(server.uri()).send("GET /slow HTTP/1.0\r\n\r\n");
        RawSocket stalled = RawSocket.to(server.uri()).send("GET ")) {
      stalled.awaitEnd();
      release.countDown();
      assertThat(slow.readToEnd()).startsWith("HTTP/1.1 200 ");
    }
  }

  private static void sendForEver(RawSocket socket, String request) throws IOException {
    while (true) {
      socket.send(request);
    }
  }

  private void assertServes() throws IOException {
    try (RawSocket socket = RawSocket.to(server.uri())) {
      assertThat(socket.send("POST / HTTP/1.0\r\n\r\n").readToEnd()).startsWith("HTTP/1.1 200 ");
    }
  }

  private String released() {
    try {
      release.await();
      return "done";
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
