package io.github.shortlived.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request and its response, without a network. The text is a request line without the
 * protocol, headers, an empty line and the body.
 */
final class RawExchange extends HttpExchange {
  private static final Splitter LINES = Splitter.on('\n');
  private static final Splitter WORDS = Splitter.on(' ').limit(2);

  private final String method;
  private final URI uri;
  private final Headers requestHeaders = new Headers();
  private final Headers responseHeaders = new Headers();
  private final InputStream requestBody;
  private final ByteArrayOutputStream responseBody = new ByteArrayOutputStream();
  private int responseCode;

  private RawExchange(String method, URI uri, List<String> headers, byte[] body) {
    this.method = method;
    this.uri = uri;
    this.requestBody = new ByteArrayInputStream(body);
    headers.forEach(this::addHeader);
  }

  /** Returns the exchange; empty if the JDK's server refuses the request itself. */
  static Optional<RawExchange> of(byte[] request) {
    String text = new String(request, ISO_8859_1);
    int end = text.indexOf("\n\n");
    List<String> head = LINES.splitToList(end < 0 ? text : text.substring(0, end));
    byte[] body =
        end < 0 ? new byte[0] : Arrays.copyOfRange(request, end + "\n\n".length(), request.length);
    List<String> line = WORDS.splitToList(head.get(0));
    return line.size() < 2 || !line.get(1).startsWith("/")
        ? Optional.empty()
        : uri(line.get(1))
            .map(uri -> new RawExchange(line.get(0), uri, head.subList(1, head.size()), body));
  }

  private static Optional<URI> uri(String target) {
    try {
      return Optional.of(URI.create(target)).filter(uri -> uri.getPath() != null);
    } catch (IllegalArgumentException notUri) {
      return Optional.empty();
    }
  }

  private void addHeader(String line) {
    int colon = line.indexOf(':');
    if (colon > 0 && line.chars().noneMatch(Character::isISOControl)) {
      requestHeaders.add(line.substring(0, colon), line.substring(colon + 1).strip());
    }
  }

  String answer() {
    return responseBody.toString(UTF_8);
  }

  @Override
  public Headers getRequestHeaders() {
    return requestHeaders;
  }

  @Override
  public Headers getResponseHeaders() {
    return responseHeaders;
  }

  @Override
  public URI getRequestURI() {
    return uri;
  }

  @Override
  public String getRequestMethod() {
    return method;
  }

  @Override
  public InputStream getRequestBody() {
    return requestBody;
  }

  @Override
  public OutputStream getResponseBody() {
    return responseBody;
  }

  @Override
  public void sendResponseHeaders(int code, long length) {
    responseCode = code;
  }

  @Override
  public int getResponseCode() {
    return responseCode;
  }

  @Override
  public String getProtocol() {
    return "HTTP/1.1";
  }

  @Override
  public InetSocketAddress getRemoteAddress() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
  }

  @Override
  public InetSocketAddress getLocalAddress() {
    return getRemoteAddress();
  }

  @Override
  public void close() {}

  @Override
  public HttpContext getHttpContext() {
    throw new UnsupportedOperationException();
  }

  @Override
  public @Nullable Object getAttribute(String name) {
    return null;
  }

  @Override
  public void setAttribute(String name, Object value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setStreams(InputStream in, OutputStream out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public @Nullable HttpPrincipal getPrincipal() {
    return null;
  }
}
