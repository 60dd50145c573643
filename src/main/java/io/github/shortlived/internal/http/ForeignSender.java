package io.github.shortlived.internal.http;

import com.google.api.client.http.ByteArrayContent;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpContent;
import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpResponse;
import com.google.common.collect.LinkedListMultimap;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.Multimaps;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Sends requests with a transport of google-http-client. While such a transport waits for the
 * headers of a response, its thread cannot be stopped: it ends at the transport's read timeout,
 * which begins again with each byte.
 *
 * @param transport sends the requests
 */
record ForeignSender(HttpTransport transport) implements Sender {
  @Override
  public boolean supports(String method) throws IOException {
    return transport.supportsMethod(method);
  }

  @Override
  public LowLevelHttpResponse send(BoundedRequest request) throws IOException {
    return DaemonThreads.call(new Call(request(request)), request.totalMillis());
  }

  @Override
  public boolean isMtls() {
    return transport.isMtls();
  }

  @Override
  public void close() throws IOException {
    transport.shutdown();
  }

  @Override
  public boolean isClosed() {
    return transport.isShutdown();
  }

  /** Leaves the user agent, logging and redirects to the outer request. */
  private HttpRequest request(BoundedRequest request) throws IOException {
    byte[] body = request.body();
    HttpContent content = body == null ? null : new ByteArrayContent(null, body);
    return transport
        .createRequestFactory()
        .buildRequest(request.method(), new GenericUrl(request.url(), true), content)
        .setHeaders(headers(request.headers()))
        .setConnectTimeout(request.connectMillis())
        .setReadTimeout(request.totalMillis())
        .setFollowRedirects(false)
        .setThrowExceptionOnExecuteError(false)
        .setSuppressUserAgentSuffix(true)
        .setLoggingEnabled(false)
        .setResponseReturnRawInputStream(true);
  }

  private static HttpHeaders headers(List<Map.Entry<String, String>> headers) {
    ListMultimap<String, String> values = LinkedListMultimap.create();
    headers.forEach(
        header -> values.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
    HttpHeaders sent = new HttpHeaders().setAcceptEncoding(null);
    Multimaps.asMap(values).forEach((name, all) -> sent.set(name, new ArrayList<>(all)));
    return sent;
  }

  private static final class Call implements BlockingCall {
    private final HttpRequest request;
    private volatile boolean abandoned;

    Call(HttpRequest request) {
      this.request = request;
    }

    @Override
    public LowLevelHttpResponse call() throws IOException {
      HttpResponse response = request.execute();
      boolean complete = false;
      try {
        InputStream in = response.getContent();
        byte[] body = in == null ? new byte[0] : Body.read(in, () -> abandoned);
        BufferedResponse whole = whole(response, body);
        complete = true;
        return whole;
      } finally {
        if (complete) {
          response.ignore();
        } else {
          response.disconnect(); // Closing the stream would read the rest.
        }
      }
    }

    private static BufferedResponse whole(HttpResponse response, byte[] body) throws IOException {
      List<Map.Entry<String, String>> headers = new ArrayList<>();
      response
          .getHeaders()
          .forEach(
              (name, value) -> {
                List<?> values = value instanceof List<?> several ? several : List.of(value);
                values.forEach(each -> headers.add(Map.entry(name, each.toString())));
              });
      String reason = response.getStatusMessage();
      int status = response.getStatusCode();
      return BufferedResponse.of(
          "HTTP/1.1 %d %s".formatted(status, reason), status, reason, headers, body);
    }

    @Override
    public void abandon() {
      abandoned = true;
    }
  }
}
