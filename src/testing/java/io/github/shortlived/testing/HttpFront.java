package io.github.shortlived.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.io.ByteStreams;
import com.google.rpc.Code;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

/** The HTTP server: reads calls, bounded, and writes replies. */
final class HttpFront implements AutoCloseable {
  private static final int LARGEST_BODY = 1 << 20;
  private static final int LARGEST_REFUSED = 16 << 20;

  static {
    // Without it every second answer on a connection waits 40 ms for an acknowledgement.
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true");
    }
  }

  private final URI uri;
  private final HttpServer server;

  private HttpFront(HttpServer server) {
    this.uri = Loopback.uri(server.getAddress().getPort());
    this.server = server;
  }

  /** Takes the port, or a free one for 0, and serves nothing before {@link #start}. */
  static HttpFront bind(int port) {
    try {
      return new HttpFront(HttpServer.create(Loopback.port(port), 0));
    } catch (IOException e) {
      String which = port == 0 ? "a free loopback port" : "port " + port + " of 127.0.0.1";
      throw new UncheckedIOException("Cannot listen on " + which + ": " + e.getMessage(), e);
    }
  }

  URI uri() {
    return uri;
  }

  void start(Router router, Executor executor) {
    server.setExecutor(executor);
    server.createContext("/", exchange -> exchange(exchange, router));
    server.start();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  static void exchange(HttpExchange exchange, Router router) throws IOException {
    try {
      byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
      HttpReply reply =
          body.length > LARGEST_BODY ? tooLarge(exchange) : answer(exchange, router, body);
      if (!reply.isDropped()) {
        write(exchange, reply);
      }
    } finally {
      exchange.close();
    }
  }

  private static HttpReply answer(HttpExchange exchange, Router router, byte[] body) {
    try {
      return router.serve(
          call(exchange, UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString()));
    } catch (CharacterCodingException notUtf8) {
      return Envelope.of(Refusals.invalidPayload("The body is not UTF-8."));
    } catch (RpcException badQuery) {
      return Envelope.of(badQuery);
    }
  }

  private static HttpCall call(HttpExchange exchange, String body) {
    URI uri = exchange.getRequestURI();
    return new HttpCall(
        exchange.getRequestMethod(),
        uri.getRawPath(),
        FormValues.parse(uri.getRawQuery()),
        headers(exchange),
        body);
  }

  /** Of a header that came twice, the first. */
  private static Map<String, String> headers(HttpExchange exchange) {
    return exchange.getRequestHeaders().entrySet().stream()
        .filter(header -> !header.getValue().isEmpty())
        .collect(
            Collectors.toUnmodifiableMap(
                header -> header.getKey().toLowerCase(Locale.ROOT),
                header -> String.valueOf(header.getValue().get(0)),
                (first, second) -> first));
  }

  /**
   * Reads on for a while: a client that is still sending would see a reset instead of the answer.
   */
  private static HttpReply tooLarge(HttpExchange exchange) throws IOException {
    ByteStreams.exhaust(ByteStreams.limit(exchange.getRequestBody(), LARGEST_REFUSED));
    String message = "Request payload size exceeds the limit: " + LARGEST_BODY + " bytes.";
    return Envelope.of(413, new RpcException(Code.INVALID_ARGUMENT, message));
  }

  private static void write(HttpExchange exchange, HttpReply reply) throws IOException {
    byte[] body = reply.body().getBytes(UTF_8);
    reply.headers().forEach(exchange.getResponseHeaders()::set);
    boolean bodiless = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(reply.status(), bodiless ? -1 : body.length);
    if (!bodiless) {
      exchange.getResponseBody().write(body);
    }
  }
}
