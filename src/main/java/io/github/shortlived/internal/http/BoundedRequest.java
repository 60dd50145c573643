package io.github.shortlived.internal.http;

import com.google.api.client.http.HttpStatusCodes;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request with its whole content in memory, so that any thread can send it. */
final class BoundedRequest extends LowLevelHttpRequest {
  /** The default of google-http-client, for a request without a timeout. */
  private static final int DEFAULT_MILLIS = 20_000;

  private final Sender sender;
  private final String method;
  private final String url;
  private final List<Map.Entry<String, String>> headers = new ArrayList<>();
  private byte @Nullable [] body;
  private int connectMillis = DEFAULT_MILLIS;
  private int totalMillis = DEFAULT_MILLIS;

  BoundedRequest(Sender sender, String method, String url) {
    this.sender = sender;
    this.method = method;
    this.url = url;
  }

  @Override
  public void addHeader(String name, String value) {
    headers.add(Map.entry(name, value));
  }

  /** Limits the time to connect, and the time of the whole exchange, which includes connecting. */
  @Override
  public void setTimeout(int connectTimeout, int readTimeout) {
    totalMillis = readTimeout == 0 ? DEFAULT_MILLIS : readTimeout;
    connectMillis = connectTimeout == 0 ? totalMillis : Math.min(connectTimeout, totalMillis);
  }

  @Override
  public LowLevelHttpResponse execute() throws IOException {
    body = content();
    LowLevelHttpResponse response = sender.send(this);
    if (HttpStatusCodes.isRedirect(response.getStatusCode())) {
      // google-http-client would follow it with the body and most headers.
      throw new IOException("HTTP %d: redirect refused".formatted(response.getStatusCode()));
    }
    return response;
  }

  private byte @Nullable [] content() throws IOException {
    if (getStreamingContent() == null || isEmptyContentOfGet()) {
      return null;
    }
    addIfSet("Content-Type", getContentType());
    addIfSet("Content-Encoding", getContentEncoding());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    getStreamingContent().writeTo(bytes);
    return bytes.toByteArray();
  }

  /** gax gives a GET request empty content, with which the JDK would send a POST request. */
  private boolean isEmptyContentOfGet() {
    return method.equals("GET") && getContentLength() == 0;
  }

  private void addIfSet(String name, @Nullable String value) {
    if (value != null) {
      addHeader(name, value);
    }
  }

  String method() {
    return method;
  }

  String url() {
    return url;
  }

  List<Map.Entry<String, String>> headers() {
    return headers;
  }

  /** Returns the content, or null if the request has none. */
  byte @Nullable [] body() {
    return body;
  }

  int connectMillis() {
    return connectMillis;
  }

  /** Returns the limit of the time between the call and the last byte of the response. */
  int totalMillis() {
    return totalMillis;
  }
}
