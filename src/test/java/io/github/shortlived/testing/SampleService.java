package io.github.shortlived.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.cloud.bigquery.BigQueryOptions;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;

/** A service for samples that call one: it responds to every request as BigQuery to a query. */
final class SampleService implements AutoCloseable {
  private static final String RESULT =
      """
      {"kind": "bigquery#queryResponse", "jobComplete": true, "totalRows": "1",
       "jobReference": {"projectId": "my-project", "jobId": "job-1"},
       "schema": {"fields": [{"name": "f0_", "type": "INTEGER"}]}, "rows": [{"f": [{"v": "42"}]}]}
      """;

  private final HttpServer server;

  private SampleService() throws IOException {
    server = newServer();
    server.createContext(
        "/",
        exchange -> {
          byte[] body = RESULT.getBytes(UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  static SampleService start() throws IOException {
    return new SampleService();
  }

  /** Returns a server that is not started yet. */
  static HttpServer newServer() throws IOException {
    return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  URI uri() {
    return uri(server);
  }

  static URI uri(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  BigQueryOptions.Builder bigQuery() {
    return BigQueryOptions.newBuilder().setHost(uri().toString());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
