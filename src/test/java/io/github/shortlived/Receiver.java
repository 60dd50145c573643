package io.github.shortlived;

import com.google.api.client.json.webtoken.JsonWebSignature;
import com.google.auth.oauth2.TokenVerifier;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.shortlived.testing.IamEmulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** A service that records the headers it receives, and may check tokens. */
final class Receiver implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, String> last = new ConcurrentHashMap<>();

  private interface Rule {
    int status(String authorization);
  }

  private Receiver(String response, Rule rule) throws IOException {
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> respond(exchange, response, rule));
    server.start();
  }

  /** Starts a service that accepts every request. */
  static Receiver returning(String json) throws IOException {
    return new Receiver(json, authorization -> 200);
  }

  /** Starts a service that requires an ID token for this audience, checked by Google's verifier. */
  static Receiver requiringIdToken(IamEmulator emulator, String audience, boolean wantsEmail)
      throws IOException {
    TokenVerifier verifier =
        TokenVerifier.newBuilder()
            .setAudience(audience)
            .setHttpTransportFactory(emulator.httpTransportFactory())
            .build();
    return new Receiver(
        "welcome",
        authorization -> {
          try {
            JsonWebSignature token = verifier.verify(authorization.replaceFirst("^Bearer ", ""));
            return !wantsEmail || token.getPayload().containsKey("email") ? 200 : 401;
          } catch (TokenVerifier.VerificationException e) {
            return 401;
          }
        });
  }

  /** Starts a service that rejects the first token it receives, as if it had expired. */
  static Receiver refusingTheFirstToken(String json) throws IOException {
    AtomicReference<String> first = new AtomicReference<>();
    return new Receiver(
        json,
        authorization -> {
          first.compareAndSet(null, authorization);
          return authorization.equals(first.get()) ? 401 : 200;
        });
  }

  URI uri() {
    return URI.create("http://localhost:" + server.getAddress().getPort());
  }

  /** Returns this header of the last request; empty if it had none. */
  String last(String header) {
    return last.getOrDefault(header, "");
  }

  private void respond(HttpExchange exchange, String response, Rule rule) throws IOException {
    for (String name : new String[] {"Authorization", "x-goog-user-project"}) {
      String value = exchange.getRequestHeaders().getFirst(name);
      last.put(name, value == null ? "" : value);
    }
    int status = rule.status(last("Authorization"));
    byte[] body = response.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    if (status == 401) {
      exchange.getResponseHeaders().add("WWW-Authenticate", "Bearer error=\"invalid_token\"");
    }
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
