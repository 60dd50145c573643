package io.github.shortlived.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.shortlived.model.Endpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server of published keys, which a test can change. */
final class KeyServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(new ThreadFactoryBuilder().setDaemon(true).build());
  private final List<String> paths = new CopyOnWriteArrayList<>();
  private volatile Responder responder;

  /** Responds to a request. */
  interface Responder {
    void respond(HttpExchange exchange) throws IOException;
  }

  private KeyServer(Responder responder) {
    this.responder = responder;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  static KeyServer publishing(TestSigner... signers) {
    return new KeyServer(keys(signers));
  }

  static KeyServer responding(Responder responder) {
    return new KeyServer(responder);
  }

  static Responder keys(TestSigner... signers) {
    return json(TestSigner.jwks(signers));
  }

  static Responder json(String body) {
    return exchange -> {
      exchange.getResponseHeaders().add("Cache-Control", "public, max-age=3600, must-revalidate");
      send(exchange, 200, "application/json", body);
    };
  }

  static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  void respondWith(Responder other) {
    responder = other;
  }

  /** Returns the paths of all requests. */
  List<String> paths() {
    return paths;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  Endpoints endpoints() {
    return Endpoints.google().withPublishedKeys(uri()).withIapKeys(uri());
  }

  private void serve(HttpExchange exchange) throws IOException {
    paths.add(exchange.getRequestURI().getPath());
    try (exchange) {
      responder.respond(exchange);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
