package io.github.shortlived.internal.http;

import com.google.api.client.http.LowLevelHttpResponse;
import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Sends requests with {@code java.net.http}, over as many connections as there are concurrent
 * calls, and keeps them for the next calls. A timeout or an interrupt closes the connection of its
 * call. Responses have no reason phrase.
 */
final class PooledSender implements Sender {
  private static final Set<String> SET_BY_THE_CLIENT =
      ImmutableSet.of("connection", "content-length", "expect", "host", "upgrade");

  private final HttpClient client;

  /** Uses these threads to read responses. */
  PooledSender(Executor threads) {
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(threads)
            .build();
  }

  /** Uses daemon threads that end when they are idle for some seconds. */
  static PooledSender create() {
    int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
    return new PooledSender(DaemonThreads.atMost(threads));
  }

  @Override
  public boolean supports(String method) {
    return UrlConnectionSender.METHODS.contains(method);
  }

  @Override
  public LowLevelHttpResponse send(BoundedRequest request) throws IOException {
    TotalTimeout.requireNotInterrupted();
    try {
      return whole(
          TotalTimeout.await(
              client.sendAsync(jdk(request), response -> new BoundedSubscriber()),
              request.totalMillis()));
    } catch (ConnectException e) {
      throw e.getCause() instanceof UnresolvedAddressException ? unknownHost(request, e) : e;
    }
  }

  private static HttpRequest jdk(BoundedRequest request) {
    byte[] body = request.body();
    BodyPublisher content =
        body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
    HttpRequest.Builder jdk =
        HttpRequest.newBuilder(URI.create(request.url())).method(request.method(), content);
    for (Map.Entry<String, String> header : request.headers()) {
      if (!SET_BY_THE_CLIENT.contains(Ascii.toLowerCase(header.getKey()))) {
        jdk.header(header.getKey(), header.getValue());
      }
    }
    return jdk.build();
  }

  private static BufferedResponse whole(HttpResponse<byte[]> response) throws IOException {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    response
        .headers()
        .map()
        .forEach((name, values) -> values.forEach(value -> headers.add(Map.entry(name, value))));
    int status = response.statusCode();
    return BufferedResponse.of("HTTP/1.1 " + status, status, null, headers, response.body());
  }

  /** The client's own exception does not name the host. */
  private static UnknownHostException unknownHost(BoundedRequest request, ConnectException cause) {
    UnknownHostException unknown = new UnknownHostException(URI.create(request.url()).getHost());
    unknown.initCause(cause);
    return unknown;
  }
}
