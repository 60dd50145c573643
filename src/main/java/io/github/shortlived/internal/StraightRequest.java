package io.github.shortlived.internal;

import com.google.api.client.http.AbstractHttpContent;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpContent;
import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpMediaType;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpStatusCodes;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import com.google.common.collect.LinkedListMultimap;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.Multimaps;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A request that is handed on to another transport, whose redirects are refused. */
final class StraightRequest extends LowLevelHttpRequest {
  private final HttpTransport transport;
  private final String method;
  private final String url;
  private final ListMultimap<String, String> headers = LinkedListMultimap.create();
  private int connectMillis;
  private int readMillis;
  private int writeMillis;

  StraightRequest(HttpTransport transport, String method, String url) {
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
    if (HttpStatusCodes.isRedirect(response.getStatusCode())) {
      response.disconnect();
      throw new IOException(
          "HTTP %d: the answer points elsewhere, where nothing is sent"
              .formatted(response.getStatusCode()));
    }
    return new StraightAnswer(response);
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
        .setFollowRedirects(false)
        .setThrowExceptionOnExecuteError(false)
        .setResponseReturnRawInputStream(true)
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
