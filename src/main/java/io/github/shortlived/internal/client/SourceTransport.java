package io.github.shortlived.internal.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.api.client.http.AbstractHttpContent;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpContent;
import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpMediaType;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpResponseException;
import com.google.api.client.http.HttpStatusCodes;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import com.google.auth.http.HttpTransportFactory;
import com.google.common.collect.LinkedListMultimap;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.Multimaps;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Transports for source credentials: those of the builder, with two changes for which google-auth
 * has no setting. Redirects can be refused: google-http-client follows them with the body and most
 * headers. An error of a Security Token Service in another form than OAuth 2.0, such as a proxy's
 * page, is thrown with its status and body: google-auth cannot parse it, and loses both.
 *
 * @param transports send the requests
 * @param followsRedirects whether a redirect is followed or refused
 */
public record SourceTransport(HttpTransportFactory transports, boolean followsRedirects)
    implements HttpTransportFactory {
  @Override
  public HttpTransport create() {
    return new Transport(transports.create());
  }

  private final class Transport extends HttpTransport {
    private final HttpTransport transport;

    Transport(HttpTransport transport) {
      this.transport = transport;
    }

    @Override
    public boolean supportsMethod(String method) throws IOException {
      return transport.supportsMethod(method);
    }

    @Override
    public boolean isMtls() {
      return transport.isMtls();
    }

    @Override
    public void shutdown() throws IOException {
      transport.shutdown();
    }

    @Override
    public boolean isShutdown() {
      return transport.isShutdown();
    }

    @Override
    protected LowLevelHttpRequest buildRequest(String method, String url) {
      return new Request(transport, method, url);
    }
  }

  private final class Request extends LowLevelHttpRequest {
    private static final Pattern TOKEN_SERVICE = Pattern.compile("https?://[^/]*\\bsts\\b[^/]*/");
    private static final int MAX_ERROR = 64 * 1024;

    private final HttpTransport transport;
    private final String method;
    private final String url;
    private final ListMultimap<String, String> headers = LinkedListMultimap.create();
    private int connectMillis;
    private int readMillis;
    private int writeMillis;

    Request(HttpTransport transport, String method, String url) {
      this.transport = transport;
      this.method = method;
      this.url = url;
    }

    @Override
    public void addHeader(String name, String value) {
      headers.put(name, value);
    }

    @Override
    public void setTimeout(int connectTimeout, int readTimeout) {
      connectMillis = connectTimeout;
      readMillis = readTimeout;
    }

    @Override
    public void setWriteTimeout(int writeTimeout) {
      writeMillis = writeTimeout;
    }

    @Override
    public LowLevelHttpResponse execute() throws IOException {
      HttpResponse response = request().execute();
      int status = response.getStatusCode();
      if (!followsRedirects && HttpStatusCodes.isRedirect(status)) {
        response.disconnect();
        throw new IOException("HTTP %d: redirect refused".formatted(status));
      }
      return !response.isSuccessStatusCode() && TOKEN_SERVICE.matcher(url).lookingAt()
          ? oauthError(response)
          : new Response(response, response.getContent());
    }

    /** Returns the response if google-auth can parse it. */
    private static LowLevelHttpResponse oauthError(HttpResponse response) throws IOException {
      byte[] content;
      try (InputStream body = response.getContent()) {
        content = body == null ? new byte[0] : body.readNBytes(MAX_ERROR);
      }
      String text = new String(content, UTF_8);
      if (isOauthError(text)) {
        return new Response(response, new ByteArrayInputStream(content));
      }
      throw new IOException(
          "The token service responded with HTTP " + response.getStatusCode(),
          new HttpResponseException.Builder(
                  response.getStatusCode(), response.getStatusMessage(), response.getHeaders())
              .setContent(text)
              .build());
    }

    private static boolean isOauthError(String text) {
      try {
        return JsonParser.parseString(text) instanceof JsonObject body
            && body.get("error") instanceof JsonPrimitive;
      } catch (JsonParseException e) {
        return false;
      }
    }

    /** Leaves the user agent and logging to google-auth's own request. */
    private HttpRequest request() throws IOException {
      HttpHeaders sent = new HttpHeaders().setAcceptEncoding(null);
      Multimaps.asMap(headers)
          .forEach(
              (name, values) -> sent.set(name.toLowerCase(Locale.ROOT), new ArrayList<>(values)));
      HttpContent content = getStreamingContent() == null ? null : new Content();
      return transport
          .createRequestFactory()
          .buildRequest(method, new GenericUrl(url, true), content)
          .setHeaders(sent)
          .setConnectTimeout(connectMillis)
          .setReadTimeout(readMillis)
          .setWriteTimeout(writeMillis)
          .setFollowRedirects(followsRedirects)
          .setThrowExceptionOnExecuteError(false)
          .setSuppressUserAgentSuffix(true)
          .setLoggingEnabled(false);
    }

    /** Sends the body unchanged. */
    private final class Content extends AbstractHttpContent {
      Content() {
        super((HttpMediaType) null);
      }

      @Override
      public String getType() {
        return getContentType();
      }

      @Override
      public long getLength() {
        return getContentLength();
      }

      @Override
      public void writeTo(OutputStream out) throws IOException {
        getStreamingContent().writeTo(out);
      }
    }
  }

  /** A response whose body is decompressed. */
  private static final class Response extends LowLevelHttpResponse {
    private static final long UNKNOWN = -1;
    private static final Set<String> OF_COMPRESSED = Set.of("content-encoding", "content-length");

    private final HttpResponse response;
    private final @Nullable InputStream content;
    private final List<Map.Entry<String, String>> headers = new ArrayList<>();

    Response(HttpResponse response, @Nullable InputStream content) {
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
}
