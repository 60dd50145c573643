package io.github.shortlived.testing.internal.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import io.github.shortlived.testing.internal.http.HttpReply;
import java.util.Map;

/** Creates the responses of the metadata server, with its content types. */
final class MetadataReply {
  static final String ETAG = "ETag";
  private static final int ETAG_LENGTH = 16;

  private MetadataReply() {}

  /** Returns JSON. Older clients compare the content type with exactly this one. */
  static HttpReply json(String body) {
    return new HttpReply(200, Map.of("Content-Type", "application/json"), body);
  }

  static HttpReply text(String body) {
    return HttpReply.text(200, body);
  }

  /** Returns an error; Google's page has more around the text. */
  static HttpReply error(int status, String text) {
    return new HttpReply(status, Map.of("Content-Type", "text/html; charset=UTF-8"), text + "\n");
  }

  /** Adds the ETag of a content, which is the same in each format. */
  static HttpReply withEtag(HttpReply reply, String content) {
    return reply.with(
        ETAG, Hashing.sha256().hashString(content, UTF_8).toString().substring(0, ETAG_LENGTH));
  }
}
