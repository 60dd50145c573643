package io.github.shortlived.testing.internal.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes the responses to the calls of a batch as the parts of one response, in their order. */
final class BatchReply {
  private BatchReply() {}

  static HttpReply of(List<String> parts) {
    String boundary = "batch_" + Hashing.sha256().hashString(String.join("", parts), UTF_8);
    String delimiter = "--" + boundary;
    String body =
        parts.stream()
            .map(part -> delimiter + "\r\n" + part + "\r\n")
            .collect(Collectors.joining());
    return new HttpReply(
        200,
        Map.of("Content-Type", "multipart/mixed; boundary=" + boundary),
        body + delimiter + "--\r\n");
  }

  /** Returns the part for one response; its id is that of the request with a prefix. */
  static String part(String contentId, HttpReply reply) {
    String id = contentId.isEmpty() ? "" : "Content-ID: " + responseId(contentId) + "\r\n";
    return "Content-Type: application/http\r\n" + id + "\r\n" + head(reply) + "\r\n" + reply.body();
  }

  private static String responseId(String id) {
    return id.startsWith("<") ? "<response-" + id.substring(1) : "response-" + id;
  }

  private static String head(HttpReply reply) {
    String reason = HttpResponseStatus.valueOf(reply.status()).reasonPhrase();
    return "HTTP/1.1 %d %s\r\n".formatted(reply.status(), reason)
        + reply.headers().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(header -> header.getKey() + ": " + header.getValue() + "\r\n")
            .collect(Collectors.joining());
  }
}
