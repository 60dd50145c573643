package io.github.shortlived.internal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.ByteArrayContent;
import com.google.api.client.http.GZipEncoding;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.javanet.NetHttpTransport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests are sent, and responses returned, unchanged. */
class ResponseTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

  static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(content);
    }
    return compressed.toByteArray();
  }

  private static String gzipped(byte[] compressed) {
    return "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\nX-Own: kept\r\n\r\n%s"
        .formatted(compressed.length, new String(compressed, ISO_8859_1));
  }

  @ParameterizedTest
  @EnumSource
  void get_compressed_isDecompressedOnce(Kind kind) throws IOException {
    byte[] compressed = gzip("{\"a\": 1}".getBytes(ISO_8859_1));
    try (RawServer server = RawServer.responding(gzipped(compressed))) {
      HttpResponse response = kind.post(server.url());

      assertThat(response.getHeaders().getContentEncoding()).isNull();
      assertThat(response.getHeaders().getContentLength()).isNull();
      assertThat(response.getHeaders().getFirstHeaderStringValue("x-own")).isEqualTo("kept");
      assertThat(response.parseAsString()).isEqualTo("{\"a\": 1}");
    }
  }

  @ParameterizedTest
  @EnumSource
  void post_brokenGzip_hasOneMessage(Kind kind) throws IOException {
    byte[] compressed = gzip(new byte[100]);
    byte[] half = Arrays.copyOf(compressed, compressed.length / 2);
    for (byte[] broken : new byte[][] {half, "no gzip".getBytes(ISO_8859_1)}) {
      try (RawServer server = RawServer.responding(gzipped(broken))) {
        assertThatThrownBy(() -> kind.post(server.url()))
            .isExactlyInstanceOf(IOException.class)
            .hasMessage("The response is not valid gzip")
            .hasNoCause();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void post_redirect_isRefused(Kind kind) throws IOException {
    for (int status : new int[] {301, 302, 303, 307, 308}) {
      try (RawServer other = RawServer.responding(OK);
          RawServer server =
              RawServer.responding(
                  "HTTP/1.1 %d Moved\r\nLocation: %s\r\nContent-Length: 4\r\n\r\nbody"
                      .formatted(status, other.url()))) {
        assertThatThrownBy(() -> kind.post(server.url()))
            .isExactlyInstanceOf(IOException.class)
            .hasMessage("HTTP %d: redirect refused", status);
        assertThat(other.connections()).isZero();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void head_contentLength_hasNoBody(Kind kind) throws IOException {
    try (RawServer server =
        RawServer.responding("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")) {
      HttpResponse response = Kind.request(kind.create(), "HEAD", server.url(), null).execute();

      assertThat(response.getStatusCode()).isEqualTo(200);
      assertThat(response.getHeaders().getContentLength()).isEqualTo(100);
      assertThat(response.parseAsString()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void delete_noContent_hasNoBody(Kind kind) throws IOException {
    try (RawServer server = RawServer.responding("HTTP/1.1 204 No Content\r\n\r\n")) {
      HttpTransport transport = kind.create();
      for (int i = 0; i < 2; i++) {
        HttpResponse response = Kind.request(transport, "DELETE", server.url(), null).execute();

        assertThat(response.getStatusCode()).isEqualTo(204);
        assertThat(response.parseAsString()).isEmpty();
      }
      assertThat(server.connections()).isOne();
    }
  }

  @ParameterizedTest
  @EnumSource
  void put_compressedContent_sendsHeadersAndContent(Kind kind) throws Exception {
    BlockingQueue<String> heads = new LinkedBlockingQueue<>();
    try (RawServer server =
        new RawServer(
            connection -> {
              heads.add(String.valueOf(connection.readRequest()));
              connection.write(OK);
            })) {
      HttpRequest request =
          Kind.request(
              kind.create(),
              "PUT",
              server.url() + "a?b=c",
              new ByteArrayContent("text/plain", new byte[1000]));
      request.setEncoding(new GZipEncoding()).getHeaders().setAuthorization("Bearer token");
      request.getHeaders().set("X-Own", List.of("1", "2"));

      assertThat(request.execute().parseAsString()).isEqualTo("{}");
      assertThat(heads.take().lines())
          .startsWith("PUT /a?b=c HTTP/1.1")
          .map(line -> line.toLowerCase(Locale.ROOT))
          .contains(
              "content-type: text/plain",
              "content-encoding: gzip",
              "authorization: bearer token",
              "x-own: 1",
              "x-own: 2",
              "accept-encoding: gzip",
              "host: 127.0.0.1:" + server.port())
          .filteredOn(line -> line.startsWith("content-length:"))
          .hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void post_reasonPhrase_isReturned(Kind kind) throws IOException {
    try (RawServer server =
        RawServer.responding("HTTP/1.1 418 I am a teapot\r\nContent-Length: 0\r\n\r\n")) {
      HttpResponse response = kind.post(server.url());

      assertThat(response.getStatusCode()).isEqualTo(418);
      assertThat(response.getStatusMessage()).isEqualTo("I am a teapot");
    }
  }

  @Test
  void of_boundedTransport_returnsIt() {
    HttpTransport bounded = BoundedTransport.of(new NetHttpTransport());

    assertThat(BoundedTransport.of(bounded)).isSameAs(bounded);
    HttpTransport byDefault = DefaultTransport.factory().create();
    assertThat(BoundedTransport.of(byDefault)).isSameAs(byDefault);
  }

  @ParameterizedTest
  @EnumSource
  void supportsMethod_patch_isUnsupported(Kind kind) throws IOException {
    assertThat(kind.create().supportsMethod("POST")).isTrue();
    assertThat(kind.create().supportsMethod("PATCH")).isFalse();
  }
}
