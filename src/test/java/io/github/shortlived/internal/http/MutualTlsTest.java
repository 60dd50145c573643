package io.github.shortlived.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.sun.net.httpserver.HttpServer;
import io.github.shortlived.config.ConfigExamples;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Loads a source that says that it has a certificate, and has none. */
class MutualTlsTest {
  private final List<String> paths = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  MutualTlsTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void redirectToAnotherPath() {
    server.createContext(
        "/",
        exchange -> {
          paths.add(exchange.getRequestURI().getPath());
          exchange.getResponseHeaders().add("Location", "/internal");
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  private GoogleCredentials loaded(String subjectTokenType) throws IOException {
    JsonObject source = new JsonObject();
    source.addProperty("url", "http://127.0.0.1:%d/token".formatted(server.getAddress().getPort()));
    JsonObject json = ConfigExamples.externalAccount(source);
    json.add("subject_token_type", new JsonPrimitive(subjectTokenType));
    return MutualTls.withTransport(
        GoogleCredentials.fromStream(
            new ByteArrayInputStream(json.toString().getBytes(StandardCharsets.UTF_8)),
            DefaultTransport.factory()));
  }

  @Test
  void withTransport_typeOfACertificateButAUrl_stillRefusesRedirects() throws IOException {
    GoogleCredentials credentials = loaded("urn:ietf:params:oauth:token-type:mtls");

    assertThatThrownBy(credentials::refresh).hasStackTraceContaining("HTTP 302: redirect refused");
    assertThat(paths).containsExactly("/token");
  }
}
