package io.github.shortlived.internal.http;

import com.google.api.client.http.HttpMediaType;
import com.google.api.client.http.LowLevelHttpResponse;
import com.google.common.base.Ascii;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A response whose whole body is in memory and not compressed. */
final class BufferedResponse extends LowLevelHttpResponse {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  private final String statusLine;
  private final int status;
  private final @Nullable String reason;
  private final List<Map.Entry<String, String>> headers;
  private final byte[] body;

  private BufferedResponse(
      String statusLine,
      int status,
      @Nullable String reason,
      List<Map.Entry<String, String>> headers,
      byte[] body) {
    this.statusLine = statusLine;
    this.status = status;
    this.reason = reason;
    this.headers = headers;
    this.body = body;
  }

  /** Decompresses the body if a header says that it is compressed with gzip. */
  static BufferedResponse of(
      String statusLine,
      int status,
      @Nullable String reason,
      List<Map.Entry<String, String>> received,
      byte[] body)
      throws IOException {
    List<Map.Entry<String, String>> headers = usable(received);
    String encoding = first(headers, "Content-Encoding");
    boolean compressed =
        body.length > 0
            && encoding != null
            && (Ascii.equalsIgnoreCase(encoding, "gzip")
                || Ascii.equalsIgnoreCase(encoding, "x-gzip"));
    return compressed
        ? new BufferedResponse(
            statusLine, status, reason, withoutCompression(headers), Body.inflate(body))
        : new BufferedResponse(statusLine, status, reason, headers, body);
  }

  /** Leaves out what google-http-client would fail to parse, although no caller needs it. */
  private static List<Map.Entry<String, String>> usable(List<Map.Entry<String, String>> headers) {
    return headers.stream().filter(BufferedResponse::isUsable).toList();
  }

  private static boolean isUsable(Map.Entry<String, String> header) {
    if (is(header, "Age") || is(header, "Content-Length")) {
      return NUMBER.matcher(header.getValue()).matches();
    }
    return !is(header, "Content-Type") || hasKnownCharset(header.getValue());
  }

  private static boolean hasKnownCharset(String contentType) {
    try {
      Charset unused = new HttpMediaType(contentType).getCharsetParameter();
      return true;
    } catch (IllegalArgumentException e) { // Also for an unsupported name.
      return false;
    }
  }

  private static List<Map.Entry<String, String>> withoutCompression(
      List<Map.Entry<String, String>> headers) {
    List<Map.Entry<String, String>> others = new ArrayList<>(headers);
    others.removeIf(header -> is(header, "Content-Encoding") || is(header, "Content-Length"));
    return others;
  }

  private static @Nullable String first(List<Map.Entry<String, String>> headers, String name) {
    for (Map.Entry<String, String> header : headers) {
      if (is(header, name)) {
        return header.getValue();
      }
    }
    return null;
  }

  private static boolean is(Map.Entry<String, String> header, String name) {
    return Ascii.equalsIgnoreCase(header.getKey(), name);
  }

  @Override
  public InputStream getContent() {
    return new ByteArrayInputStream(body);
  }

  @Override
  public @Nullable String getContentEncoding() {
    return first(headers, "Content-Encoding");
  }

  @Override
  public long getContentLength() {
    return body.length;
  }

  @Override
  public @Nullable String getContentType() {
    return first(headers, "Content-Type");
  }

  @Override
  public String getStatusLine() {
    return statusLine;
  }

  @Override
  public int getStatusCode() {
    return status;
  }

  @Override
  public @Nullable String getReasonPhrase() {
    return reason;
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
}
