package io.github.shortlived.testing;

import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/** An HTTP response, mostly with a JSON body. */
record HttpReply(int status, Map<String, String> headers, String body) {
  HttpReply {
    headers = Map.copyOf(headers);
  }

  static HttpReply json(int status, String body) {
    return new HttpReply(status, Map.of("Content-Type", "application/json; charset=UTF-8"), body);
  }

  static HttpReply json(int status, JsonObject body) {
    return json(status, body.toString());
  }

  static HttpReply text(int status, String body) {
    return new HttpReply(status, Map.of("Content-Type", "application/text"), body);
  }

  boolean isJson() {
    return headers.getOrDefault("Content-Type", "").startsWith("application/json");
  }

  /** No answer: the server closes the connection. */
  boolean isDropped() {
    return status == 0;
  }

  HttpReply with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new HttpReply(status, more, body);
  }

  @Override
  public String toString() {
    return "HttpReply[" + status + "]";
  }
}
