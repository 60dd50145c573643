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
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request of google-auth's that is handed on to another transport; see {@link SourceTransport}.
 */
final class SourceRequest extends LowLevelHttpRequest {
  private static final Pattern TOKEN_SERVICE = Pattern.compile("https?://[^/]*\\bsts\\b[^/]*/");
  private static final int LONGEST_ERROR = 64 * 1024;

  private final HttpTransport transport;
  private final String method;
  private final String url;
  private final boolean followsRedirects;
  private final ListMultimap<String, String> headers = LinkedListMultimap.create();
  private int connectMillis;
  private int readMillis;
  private int writeMillis;

  SourceRequest(HttpTransport transport, String method, String url, boolean followsRedirects) {
    this.transport = transport;
    this.method = method;
    this.url = url;
    this.followsRedirects = followsRedirects;
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
    if (!followsRedirects && HttpStatusCodes.isRedirect(response.getStatusCode())) {
      response.disconnect();
      throw new IOException(
          "HTTP %d: the answer points elsewhere, where nothing is sent"
              .formatted(response.getStatusCode()));
    }
    if (!response.isSuccessStatusCode() && TOKEN_SERVICE.matcher(url).lookingAt()) {
      return oauthError(response);
    }
    return new SourceResponse(response, response.getContent());
  }

  /** The answer, if google-auth can read it. */
  private static LowLevelHttpResponse oauthError(HttpResponse response) throws IOException {
    byte[] content;
    try (InputStream body = response.getContent()) {
      content = body == null ? new byte[0] : body.readNBytes(LONGEST_ERROR);
    }
    String text = new String(content, UTF_8);
    if (isOauthError(text)) {
      return new SourceResponse(response, new ByteArrayInputStream(content));
    }
    throw new IOException(
        "The token service answered HTTP " + response.getStatusCode(),
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

  /** As it is: what is to be said about it, who made it has said. */
  private HttpRequest request() throws IOException {
    return transport
        .createRequestFactory()
        .buildRequest(method, new GenericUrl(url, true), content())
        .setHeaders(sent())
        .setConnectTimeout(connectMillis)
        .setReadTimeout(readMillis)
        .setWriteTimeout(writeMillis)
        .setFollowRedirects(followsRedirects)
        .setThrowExceptionOnExecuteError(false)
        .setSuppressUserAgentSuffix(true)
        .setLoggingEnabled(false);
  }

  private HttpHeaders sent() {
    HttpHeaders sent = new HttpHeaders().setAcceptEncoding(null);
    Multimaps.asMap(headers)
        .forEach(
            (name, values) -> sent.set(name.toLowerCase(Locale.ROOT), new ArrayList<>(values)));
    return sent;
  }

  private @Nullable HttpContent content() {
    return getStreamingContent() == null ? null : new Content();
  }

  /** What there is to send, as it was given. */
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
