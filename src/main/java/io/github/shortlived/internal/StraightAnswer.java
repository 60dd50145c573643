package io.github.shortlived.internal;

import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.LowLevelHttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Another transport's answer, as it came. */
final class StraightAnswer extends LowLevelHttpResponse {
  private static final long UNKNOWN = -1;

  private final HttpResponse response;
  private final List<Map.Entry<String, String>> headers = new ArrayList<>();

  StraightAnswer(HttpResponse response) {
    this.response = response;
    response
        .getHeaders()
        .forEach(
            (name, value) -> {
              List<?> values = value instanceof List<?> several ? several : List.of(value);
              values.forEach(each -> headers.add(Map.entry(name, each.toString())));
            });
  }

  @Override
  public @Nullable InputStream getContent() throws IOException {
    return response.getContent();
  }

  @Override
  public @Nullable String getContentEncoding() {
    return response.getContentEncoding();
  }

  @Override
  public long getContentLength() {
    Long length = response.getHeaders().getContentLength();
    return length == null ? UNKNOWN : length;
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
