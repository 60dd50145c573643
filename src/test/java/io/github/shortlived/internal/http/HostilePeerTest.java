package io.github.shortlived.internal.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.api.client.http.ByteArrayContent;
import com.google.api.client.http.HttpContent;
import com.google.api.client.http.HttpTransport;
import io.github.shortlived.internal.http.RawServer.Script;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every call ends at its timeout or an interrupt, whatever the peer does. */
class HostilePeerTest {
  private static final int SHORT_MILLIS = 500;
  private static final int LONG_SECONDS = 30;
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
  private static final String START = "HTTP/1.1 200 OK\r\n";

  /** Ways to hold a call for ever. */
  enum Hold {
    SILENT_HEADERS("", ""),
    TRICKLED_HEADERS(START + "X-Long: ", "a"),
    SILENT_BODY(START + "Connection: close\r\n\r\n{", ""),
    TRICKLED_BODY(START + "Connection: close\r\n\r\n", " "),
    TRICKLED_CHUNKS(START + "Transfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n"),
    TRICKLED_LENGTH(START + "Content-Length: 100000\r\n\r\n", " ");

    private final String start;
    private final String trickle;

    Hold(String start, String trickle) {
      this.start = start;
      this.trickle = trickle;
    }

    /** Runs this when it holds a call. */
    Script script(Runnable holds) {
      return connection -> {
        connection.readRequest();
        connection.write(start);
        holds.run();
        if (trickle.isEmpty()) {
          connection.waitUntilClosed();
        } else {
          connection.trickleUntilClosed(trickle);
        }
      };
    }

    /**
     * Returns whether the peer sees the connection closed at the timeout. A transport that is given
     * cannot be stopped while it reads headers. Without TLS, the JDK's own thread reads the rest of
     * a body of known length, if it is at most 512 KiB, to save the connection.
     */
    boolean closesAtTimeout(Peer peer) {
      return switch (this) {
        case TRICKLED_HEADERS -> peer != Peer.WRAPPED;
        case TRICKLED_LENGTH -> peer == Peer.TLS;
        default -> true;
      };
    }

    /** The same at an interrupt: without TLS, a thread that reads a silent body ends later. */
    boolean closesAtInterrupt(Peer peer) {
      return switch (this) {
        case SILENT_HEADERS -> peer != Peer.WRAPPED;
        case SILENT_BODY -> peer == Peer.TLS;
        default -> closesAtTimeout(peer);
      };
    }
  }

  /** The connection to the peer, and the transport. */
  enum Peer {
    TLS,
    PLAIN,
    WRAPPED;

    HttpTransport transport() {
      return (this == WRAPPED ? Kind.WRAPPED : Kind.DEFAULT).create();
    }

    RawServer server(Script script) throws IOException {
      return this == TLS ? new RawServer(tls.serverSocket(), script) : new RawServer(script);
    }
  }

  private static Tls tls;

  @BeforeAll
  static void trust(@TempDir Path folder) throws Exception {
    tls = Tls.trusted(folder);
  }

  @AfterAll
  static void restore() {
    tls.close();
  }

  static Stream<Arguments> held() {
    return Stream.of(Peer.values())
        .flatMap(peer -> Stream.of(Hold.values()).map(hold -> Arguments.of(peer, hold)));
  }

  @ParameterizedTest
  @MethodSource("held")
  void post_heldByThePeer_timesOutAndCloses(Peer peer, Hold hold) throws Exception {
    try (RawServer server = peer.server(hold.script(() -> {}))) {
      HttpTransport transport = warm(peer);
      assertThatThrownBy(() -> Kind.post(transport, server.url(), SHORT_MILLIS))
          .isExactlyInstanceOf(SocketTimeoutException.class)
          .hasMessageMatching("The service did not respond within 500 ms|Read timed out");
      if (hold.closesAtTimeout(peer)) {
        assertThat(server.ended.tryAcquire(LONG_SECONDS, SECONDS)).isTrue();
        assertThat(server.connections()).as("the request is not sent once more").isOne();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("held")
  void post_interrupted_endsAtOnce(Peer peer, Hold hold) throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    try (RawServer server = peer.server(hold.script(held::countDown))) {
      HttpTransport transport = warm(peer);
      CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
      CompletableFuture<Throwable> thrown = new CompletableFuture<>();
      Thread caller =
          new Thread(
              () -> {
                thrown.complete(catchThrowable(() -> Kind.post(transport, server.url(), 20_000)));
                interrupted.complete(Thread.currentThread().isInterrupted());
              });
      caller.setDaemon(true);
      caller.start();
      held.await();
      caller.interrupt();

      assertThat(thrown.get(LONG_SECONDS, SECONDS))
          .isExactlyInstanceOf(InterruptedIOException.class)
          .hasMessage("Interrupted before the service responded");
      assertThat(interrupted.get(LONG_SECONDS, SECONDS)).isTrue();
      if (hold.closesAtInterrupt(peer)) {
        assertThat(server.ended.tryAcquire(LONG_SECONDS, SECONDS)).isTrue();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void post_interruptedBefore_sendsNothing(Kind kind) throws Exception {
    try (RawServer server = RawServer.responding(OK)) {
      Thread.currentThread().interrupt();
      try {
        assertThatThrownBy(() -> kind.post(server.url()))
            .isExactlyInstanceOf(InterruptedIOException.class);
      } finally {
        assertThat(Thread.interrupted()).isTrue();
      }
      assertThat(server.connections()).isZero();
    }
  }

  /** A thread that writes holds a lock of the TLS socket. */
  @ParameterizedTest
  @EnumSource
  void post_peerThatNeverReads_leavesNoThread(Peer peer) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (RawServer server = peer.server(connection -> await(end))) {
      HttpTransport transport = warm(peer);
      HttpContent large = new ByteArrayContent("application/json", new byte[16 << 20]);
      assertThatThrownBy(
              () ->
                  Kind.request(transport, "POST", server.url(), large)
                      .setReadTimeout(SHORT_MILLIS)
                      .execute())
          .isInstanceOf(IOException.class);
      if (peer == Peer.TLS) {
        assertThreadsEnd();
      }
    } finally {
      end.countDown();
    }
  }

  private static void await(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @EnumSource
  void post_manyHeldCalls_leaveNoThreads(Peer peer) throws Exception {
    try (RawServer server = peer.server(Hold.TRICKLED_CHUNKS.script(() -> {}))) {
      HttpTransport transport = warm(peer);
      List<CompletableFuture<Throwable>> calls = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        calls.add(
            started(() -> catchThrowable(() -> Kind.post(transport, server.url(), SHORT_MILLIS))));
      }
      for (CompletableFuture<Throwable> call : calls) {
        assertThat(call.get(LONG_SECONDS, SECONDS)).isInstanceOf(SocketTimeoutException.class);
      }
      assertThat(server.ended.tryAcquire(server.connections(), LONG_SECONDS, SECONDS)).isTrue();
      assertThreadsEnd();
    }
  }

  private static void assertThreadsEnd() throws InterruptedException {
    for (Thread thread : threads()) {
      thread.join(SECONDS.toMillis(LONG_SECONDS));
      assertThat(thread.isAlive()).isFalse();
    }
  }

  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(DaemonThreads.NAME))
        .toList();
  }

  private static <T> CompletableFuture<T> started(Supplier<T> work) {
    Executor thread =
        task -> {
          Thread started = new Thread(task);
          started.setDaemon(true);
          started.start();
        };
    return CompletableFuture.supplyAsync(work, thread);
  }

  /** Loads the classes, so that the short timeouts of the tests suffice for the peer. */
  private static HttpTransport warm(Peer peer) throws IOException {
    HttpTransport transport = peer.transport();
    try (RawServer server =
        peer.server(
            connection -> {
              connection.readRequest();
              connection.write(OK);
            })) {
      assertThat(Kind.post(transport, server.url()).parseAsString()).isEqualTo("{}");
    }
    return transport;
  }
}
