package io.github.shortlived.testing.internal.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.util.concurrent.Uninterruptibles;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** The HTTP server: reads calls, passes them to a {@link Router} and writes the responses. */
public final class HttpServerAdapter implements AutoCloseable {
  static {
    // Disables Nagle's algorithm; otherwise every second response on a connection waits 40 ms.
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true");
    }
  }

  private static final int CONNECT_MILLIS = 1_000;
  private static final int STOP_SECONDS = 5;

  private final URI uri;
  private final HttpServer server;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile boolean started;
  private volatile boolean closing;

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
    server.setExecutor(call -> dispatch(call, executor, clients));
    server.createContext("/", exchange -> exchange(exchange, router));
    started = true;
    // The JDK's dispatcher thread is a daemon only if the thread that starts it is one.
    CompletableFuture.runAsync(server::start, executor).join();
  }

  /** Starts a call on the dispatcher thread, or stops the server there. */
  private void dispatch(Runnable call, Executor executor, ClientTimeouts clients) {
    if (!closing) {
      clients.serve(call, executor);
    } else if (stopped.getCount() > 0) {
      server.stop(0);
      stopped.countDown();
    }
  }

  /**
   * Stops the server on its dispatcher thread, because the JDK's server never closes a connection
   * that it accepts while another thread stops it. Waits for that, also on an interrupted thread.
   */
  @Override
  public void close() {
    closing = true;
    boolean interrupted = Thread.interrupted(); // JDK 25's server.stop() would clear it for good.
    if (started) {
      callDispatcher();
      boolean unused =
          Uninterruptibles.awaitUninterruptibly(stopped, STOP_SECONDS, TimeUnit.SECONDS);
    }
    server.stop(0);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends a request, so that the dispatcher thread starts a call. */
  private void callDispatcher() {
    try (Socket client = new Socket(Proxy.NO_PROXY)) {
      client.connect(server.getAddress(), CONNECT_MILLIS);
      client.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
    } catch (IOException stopping) {
      // Other clients fill the queue and call the dispatcher, or the server has stopped.
    }
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
    boolean hasBody = body.length > 0;
    exchange.sendResponseHeaders(reply.status(), hasBody ? body.length : -1);
    if (hasBody) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }
}
