package io.github.shortlived.internal.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.ByteArrayContent;
import com.google.api.client.http.EmptyContent;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpContent;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.testing.http.MockHttpTransport;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shows that a bounded transport sends and returns what the transport of the user does. */
class ForeignTransportTest {
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final HttpTransport refusing = BoundedTransport.of(new NetHttpTransport());
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::respond);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /** Returns the request, compressed; or redirects. */
  private void respond(HttpExchange exchange) throws IOException {
    try (exchange) {
      String request =
          String.join(
              " ",
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              exchange.getRequestHeaders().getFirst("Content-Type"),
              exchange.getRequestHeaders().getFirst("Content-Length"),
              exchange.getRequestHeaders().getFirst("Authorization"),
              exchange.getRequestHeaders().getFirst("X-Own"),
              exchange.getRequestHeaders().getFirst("User-Agent"),
              new String(exchange.getRequestBody().readAllBytes(), UTF_8));
      requests.add(request);
      int status = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
      exchange.getResponseHeaders().add("Location", "/200");
      exchange.getResponseHeaders().add("Content-Encoding", "gzip");
      exchange.getResponseHeaders().add("Content-Type", "text/plain; charset=UTF-8");
      exchange.getResponseHeaders().add("X-Twice", "one");
      exchange.getResponseHeaders().add("X-Twice", "two");
      byte[] body = compressed(request);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static byte[] compressed(String text) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(text.getBytes(UTF_8));
    }
    return compressed.toByteArray();
  }

  private HttpRequest request(HttpTransport transport, String method, String path)
      throws IOException {
    HttpContent content =
        switch (method) {
          case "GET" -> null;
          case "PUT" -> new EmptyContent();
          default -> ByteArrayContent.fromString("application/json", "{\"a\": \"é\"}");
        };
    GenericUrl url =
        new GenericUrl("http://127.0.0.1:" + server.getAddress().getPort() + path, true);
    HttpRequest request =
        transport
            .createRequestFactory()
            .buildRequest(method, url, content)
            .setLoggingEnabled(false);
    request.getHeaders().setAuthorization("Bearer secret").set("X-Own", "mine");
    return request.setThrowExceptionOnExecuteError(false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /200?a=%2Fb", "POST /200", "PUT /503", "POST /401?x=1"})
  void execute_noRedirect_isLikeTheTransportItself(String call) throws IOException {
    String method = call.substring(0, call.indexOf(' '));
    String path = call.substring(call.indexOf(' ') + 1);
    HttpResponse direct = request(new NetHttpTransport(), method, path).execute();
    HttpResponse through = request(refusing, method, path).execute();

    assertThat(requests).hasSize(2);
    assertThat(requests.get(1)).isEqualTo(requests.get(0)).contains("Bearer secret mine ");
    assertThat(through.getStatusCode()).isEqualTo(direct.getStatusCode());
    assertThat(through.getStatusMessage()).isEqualTo(direct.getStatusMessage());
    assertThat(through.getContentType()).isEqualTo(direct.getContentType());
    assertThat(through.getHeaders().get("x-twice")).isEqualTo(direct.getHeaders().get("x-twice"));
    assertThat(through.parseAsString()).isEqualTo(direct.parseAsString());
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void execute_redirect_isRefusedAndNotFollowed(int status) throws IOException {
    HttpRequest request = request(refusing, "POST", "/" + status);
    assertThatThrownBy(request::execute)
        .isInstanceOf(IOException.class)
        .hasMessage("HTTP %d: redirect refused", status);
    assertThat(requests).hasSize(1);
  }

  @Test
  void create_transport_isLikeTheTransportItself() throws IOException {
    MockHttpTransport inner =
        new MockHttpTransport.Builder().setSupportedMethods(Set.of("GET")).build();
    HttpTransport outer = BoundedTransport.of(inner);
    assertThat(outer.supportsMethod("GET")).isTrue();
    assertThat(outer.supportsMethod("POST")).isFalse();
    assertThat(outer.isMtls()).isFalse();
    assertThat(outer.isShutdown()).isEqualTo(inner.isShutdown());
  }
}
