package io.github.shortlived.testing.internal.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/** An HTTP response, mostly with a JSON body. */
public record HttpReply(int status, Map<String, String> headers, String body) {
  public HttpReply {
    headers = Map.copyOf(headers);
  }

  public static HttpReply json(int status, String body) {
    return new HttpReply(status, Map.of("Content-Type", "application/json; charset=UTF-8"), body);
  }

  public static HttpReply json(int status, JsonObject body) {
    return json(status, body.toString());
  }

  public static HttpReply text(int status, String body) {
    return new HttpReply(status, Map.of("Content-Type", "application/text"), body);
  }

  boolean isJson() {
    return headers.getOrDefault("Content-Type", "").startsWith("application/json");
  }

  /** Returns whether the server closes the connection without a response. */
  boolean isDropped() {
    return status == 0;
  }

  public HttpReply with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new HttpReply(status, more, body);
  }

  /**
   * Returns the response to HEAD: the headers of the response to GET, with the length of its body.
   */
  HttpReply withoutBody() {
    String length = Integer.toString(body.getBytes(UTF_8).length);
    return new HttpReply(status, with("Content-Length", length).headers, "");
  }

  public HttpReply withBody(JsonObject other) {
    return new HttpReply(status, headers, other.toString());
  }

  @Override
  public String toString() {
    return "HttpReply[" + status + "]";
  }
}
