package io.github.shortlived.testing.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A proxy for HTTP, HTTPS and SOCKS that counts the connections and closes them. */
final class RecordingProxy implements AutoCloseable {
  private final ServerSocket server;
  private final AtomicInteger connections = new AtomicInteger();
  private final CountDownLatch first = new CountDownLatch(1);

  private RecordingProxy(ServerSocket server) {
    this.server = server;
  }

  static RecordingProxy start() {
    try {
      RecordingProxy proxy =
          new RecordingProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
      Thread thread = new Thread(proxy::accept, "recording-proxy");
      thread.setDaemon(true);
      thread.start();
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        connections.incrementAndGet();
        first.countDown();
        client.close();
      }
    } catch (IOException closed) {
      // The test has ended.
    }
  }

  /** Returns the options of a JVM that sends everything but calls of loopback addresses here. */
  List<String> systemProperties() {
    return Stream.of("http.proxy", "https.proxy", "socksProxy")
        .flatMap(
            type ->
                Stream.of(
                    "-D" + type + "Host=127.0.0.1", "-D" + type + "Port=" + server.getLocalPort()))
        .toList();
  }

  int connections() {
    return connections.get();
  }

  boolean awaitConnection() throws InterruptedException {
    return first.await(1, TimeUnit.MINUTES);
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
