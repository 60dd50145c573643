package io.github.shortlived.internal.client;

import com.google.api.client.http.AbstractHttpContent;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpContent;
import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpMediaType;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.common.collect.LinkedListMultimap;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.Multimaps;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Locale;

/** A request that is sent with another transport. */
public abstract class ForwardedRequest extends LowLevelHttpRequest {
  private final HttpTransport transport;
  private final String method;
  private final String url;
  private final ListMultimap<String, String> headers = LinkedListMultimap.create();
  private int connectMillis;
  private int readMillis;
  private int writeMillis;

  protected ForwardedRequest(HttpTransport transport, String method, String url) {
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

  /** Leaves the user agent and logging to google-auth's own request. */
  protected final HttpRequest request() throws IOException {
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
        .setFollowRedirects(false)
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
