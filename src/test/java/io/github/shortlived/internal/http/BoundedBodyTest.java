package io.github.shortlived.internal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.HttpTransport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A body that is too large or incomplete fails the call. */
class BoundedBodyTest {
  private static final int LONG_SECONDS = 30;
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
  private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

  @ParameterizedTest
  @EnumSource
  void post_endlessBody_isRefusedAndCloses(Kind kind) throws Exception {
    try (RawServer server =
        new RawServer(
            connection -> {
              connection.readRequest();
              connection.write(CHUNKED);
              byte[] chunk = ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(ISO_8859_1);
              connection.writeUntilClosed(chunk);
            })) {
      assertThatThrownBy(() -> kind.post(server.url()))
          .isInstanceOf(IOException.class)
          .hasMessage("The response is larger than 16 MiB");
      assertThat(server.ended.tryAcquire(LONG_SECONDS, SECONDS)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void post_gzipBomb_isRefused(Kind kind) throws Exception {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 100; i++) {
        gzip.write(zeros);
      }
    }
    String response =
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(bomb.size(), bomb.toString(ISO_8859_1));
    try (RawServer server = RawServer.responding(response)) {
      assertThatThrownBy(() -> kind.post(server.url()))
          .isInstanceOf(IOException.class)
          .hasMessage("The response is larger than 16 MiB");
    }
  }

  @ParameterizedTest
  @EnumSource
  void post_largestBody_isReturned(Kind kind) throws Exception {
    String response =
        "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(Body.MAX_BYTES, "x".repeat(Body.MAX_BYTES));
    try (RawServer server = RawServer.responding(response)) {
      assertThat(kind.post(server.url()).getContent().readAllBytes()).hasSize(Body.MAX_BYTES);
    }
  }

  @ParameterizedTest
  @EnumSource
  void post_bodyCutOff_fails(Kind kind) throws Exception {
    List<String> cut =
        List.of(
            "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
            "HTTP/1.1 401 Unauthorized\r\nContent-Length: 100\r\n\r\n{",
            CHUNKED + "a\r\n{");
    for (String response : cut) {
      for (boolean reset : new boolean[] {false, true}) {
        try (RawServer server =
            new RawServer(
                connection -> {
                  connection.readRequest();
                  connection.write(response);
                  if (reset) {
                    connection.reset();
                  }
                })) {
          if (kind != Kind.WRAPPED || !response.contains("401")) {
            assertThatThrownBy(() -> kind.post(server.url()))
                .as(response)
                .isInstanceOf(IOException.class);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void post_connectionClosedBetweenCalls_succeedsOrFailsRepeatably(Kind kind) throws Exception {
    try (RawServer server =
        new RawServer(
            connection -> {
              connection.readRequest();
              connection.write(OK);
            })) { // Closes without a notice in the headers.
      HttpTransport transport = kind.create();
      int responses = 0;
      for (int i = 0; i < 10; i++) {
        try {
          assertThat(Kind.post(transport, server.url()).parseAsString()).isEqualTo("{}");
          responses++;
        } catch (IOException e) {
          assertThat(Kind.post(transport, server.url()).parseAsString()).isEqualTo("{}");
        }
      }
      assertThat(responses).isPositive();
    }
  }
}
