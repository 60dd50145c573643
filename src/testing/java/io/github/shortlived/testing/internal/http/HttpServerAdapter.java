package io.github.shortlived.testing.internal.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** The HTTP server: reads calls, passes them to a {@link Router} and writes the responses. */
public final class HttpServerAdapter implements AutoCloseable {
  static {
    // Disables Nagle's algorithm; otherwise every second response on a connection waits 40 ms.
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true");
    }
  }

  private final URI uri;
  private final HttpServer server;

  private HttpServerAdapter(HttpServer server) {
    this.uri = Loopback.uri(server.getAddress().getPort());
    this.server = server;
  }

  /** Binds the port, or a free port for 0; {@link #start} begins to serve. */
  public static HttpServerAdapter bind(int port) {
    try {
      return new HttpServerAdapter(HttpServer.create(Loopback.address(port), 0));
    } catch (IOException e) {
      String which = port == 0 ? "a free loopback port" : "port " + port + " of 127.0.0.1";
      throw new UncheckedIOException("Cannot listen on " + which + ": " + e.getMessage(), e);
    }
  }

  public URI uri() {
    return uri;
  }

  /** Begins to serve; the server has only daemon threads if the threads of the executor are. */
  public void start(Router router, Executor executor, ClientTimeouts clients) {
    server.setExecutor(call -> clients.serve(call, executor));
    server.createContext("/", exchange -> exchange(exchange, router));
    // The JDK's dispatcher thread is a daemon only if the thread that starts it is one.
    CompletableFuture.runAsync(server::start, executor).join();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /** Serves one call; {@link ClientTimeouts} disconnects the client if it is too slow. */
  public static void exchange(HttpExchange exchange, Router router) throws IOException {
    try {
      HttpCall call = call(exchange);
      ClientTimeouts.pause();
      HttpReply reply = router.serve(call);
      ClientTimeouts.resume();
      if (!reply.isDropped()) {
        write(exchange, reply);
      }
    } finally {
      exchange.close();
    }
  }

  private static HttpCall call(HttpExchange exchange) throws IOException {
    Headers headers = exchange.getRequestHeaders();
    String encoding = Objects.requireNonNullElse(headers.getFirst("Content-Encoding"), "");
    URI uri = exchange.getRequestURI();
    return new HttpCall(
        exchange.getRequestMethod(),
        path(uri),
        () -> RequestBody.parameters(uri.getRawQuery()),
        headers,
        RequestBody.read(exchange.getRequestBody(), encoding));
  }

  /** Returns the path; the JDK takes the start of a path with two slashes for a host. */
  private static String path(URI uri) {
    boolean isPath = uri.getScheme() == null && uri.getRawAuthority() != null;
    return (isPath ? "//" + uri.getRawAuthority() : "") + uri.getRawPath();
  }

  /** Closes the response before the request, so that it is sent even if the request is broken. */
  private static void write(HttpExchange exchange, HttpReply reply) throws IOException {
    byte[] body = reply.body().getBytes(UTF_8);
    reply.headers().forEach(exchange.getResponseHeaders()::set);
    boolean bodiless = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(reply.status(), bodiless ? -1 : body.length);
    if (!bodiless) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }
}
