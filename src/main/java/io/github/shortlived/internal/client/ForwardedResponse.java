package io.github.shortlived.internal.client;

import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.LowLevelHttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The response to a {@link ForwardedRequest}, with a decompressed body. */
public final class ForwardedResponse extends LowLevelHttpResponse {
  private static final long UNKNOWN = -1;
  private static final Set<String> OF_COMPRESSED = Set.of("content-encoding", "content-length");

  private final HttpResponse response;
  private final @Nullable InputStream content;
  private final List<Map.Entry<String, String>> headers = new ArrayList<>();

  public ForwardedResponse(HttpResponse response, @Nullable InputStream content) {
    this.response = response;
    this.content = content;
    response.getHeaders().forEach(this::addHeader);
  }

  private void addHeader(String name, Object value) {
    if (!OF_COMPRESSED.contains(name.toLowerCase(Locale.ROOT))) {
      List<?> values = value instanceof List<?> several ? several : List.of(value);
      values.forEach(each -> headers.add(Map.entry(name, each.toString())));
    }
  }

  @Override
  public @Nullable InputStream getContent() {
    return content;
  }

  @Override
  public @Nullable String getContentEncoding() {
    return null;
  }

  @Override
  public long getContentLength() {
    return UNKNOWN;
  }

  @Override
  public @Nullable String getContentType() {
    return response.getContentType();
  }

  @Override
  public String getStatusLine() {
    return "HTTP/1.1 %d %s".formatted(getStatusCode(), getReasonPhrase());
  }

  @Override
  public int getStatusCode() {
    return response.getStatusCode();
  }

  @Override
  public @Nullable String getReasonPhrase() {
    return response.getStatusMessage();
  }

  @Override
  public int getHeaderCount() {
    return headers.size();
  }

  @Override
  public String getHeaderName(int index) {
    return headers.get(index).getKey();
  }

  @Override
  public String getHeaderValue(int index) {
    return headers.get(index).getValue();
  }

  @Override
  public void disconnect() throws IOException {
    response.disconnect();
  }
}
