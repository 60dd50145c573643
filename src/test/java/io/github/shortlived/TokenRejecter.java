package io.github.shortlived;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A service that records requests, and rejects the token of the next ones or redirects them. */
final class TokenRejecter implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "token-rejecter");
            thread.setDaemon(true);
            return thread;
          });
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final List<String> quotaProjects = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final AtomicInteger rejections = new AtomicInteger();
  private volatile Runnable beforeResponse = () -> {};
  private volatile @Nullable URI location;
  private volatile boolean endless;

  TokenRejecter() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::respond);
    server.setExecutor(threads);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  /** Responds to this many requests with a 401. */
  void reject(int requests) {
    rejections.set(requests);
  }

  void redirectTo(URI other) {
    location = other;
  }

  /** Sends a 401 whose body ends only when the client disconnects. */
  void rejectEndlessly() {
    endless = true;
  }

  /** Runs after each request was recorded. */
  void beforeResponse(Runnable action) {
    beforeResponse = action;
  }

  List<String> authorizations() {
    return authorizations;
  }

  /** Returns the quota project of each request; empty if it had none. */
  List<String> quotaProjects() {
    return quotaProjects;
  }

  /** Returns the method, the header {@code X-Own} and the body of each request. */
  List<String> bodies() {
    return bodies;
  }

  private void respond(HttpExchange exchange) throws IOException {
    String own = header(exchange, "X-Own");
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    bodies.add("%s %s %s".formatted(exchange.getRequestMethod(), own, body));
    quotaProjects.add(header(exchange, "x-goog-user-project"));
    authorizations.add(header(exchange, "Authorization"));
    byte[] response = "request %d".formatted(authorizations.size()).getBytes(UTF_8);
    beforeResponse.run();
    if (endless) {
      endless = false;
      respondEndlessly(exchange);
      return;
    }
    exchange.sendResponseHeaders(status(exchange), response.length);
    exchange.getResponseBody().write(response);
    exchange.close();
  }

  private static void respondEndlessly(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(401, 0);
    byte[] part = new byte[8192];
    for (; ; ) {
      exchange.getResponseBody().write(part); // Fails when the client disconnects.
    }
  }

  private int status(HttpExchange exchange) {
    URI redirect = location;
    if (redirect != null) {
      exchange.getResponseHeaders().add("Location", redirect.toString());
      return 302;
    }
    return rejections.getAndUpdate(left -> Math.max(0, left - 1)) > 0 ? 401 : 200;
  }

  private static String header(HttpExchange exchange, String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
