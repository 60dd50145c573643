package io.github.shortlived.internal.http;

import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.auth.http.HttpTransportFactory;
import java.io.IOException;
import java.net.URI;
import java.util.function.UnaryOperator;

/**
 * A transport whose requests return when the whole response is in memory, decompressed. A response
 * of more than 16 MiB is refused. The read timeout of a request, 20 s by default, limits the whole
 * exchange, whatever the peer does; an interrupt ends it at once. A redirect is refused.
 * Thread-safe.
 */
public final class BoundedTransport extends HttpTransport {
  private final Sender sender;
  private final UnaryOperator<String> urls;

  BoundedTransport(Sender sender) {
    this(sender, UnaryOperator.identity());
  }

  private BoundedTransport(Sender sender, UnaryOperator<String> urls) {
    this.sender = sender;
    this.urls = urls;
  }

  /**
   * Returns a transport that bounds the requests of this one. {@code NetHttpTransport} still
   * discards the body of a 401.
   */
  public static BoundedTransport of(HttpTransport transport) {
    return transport instanceof BoundedTransport bounded
        ? bounded
        : new BoundedTransport(new ForeignSender(transport));
  }

  /** Returns a factory that bounds the transports of this one. */
  public static HttpTransportFactory factory(HttpTransportFactory transports) {
    return () -> of(transports.create());
  }

  /**
   * Returns a factory that bounds the transports of this one, and that sends every request to one
   * server, whatever the server in its URL is.
   */
  public static HttpTransportFactory factoryTo(URI server, HttpTransportFactory transports) {
    return () -> new BoundedTransport(of(transports.create()).sender, url -> at(server, url));
  }

  private static String at(URI server, String url) {
    GenericUrl redirected = new GenericUrl(url, true);
    redirected.setScheme(server.getScheme());
    redirected.setUserInfo(null);
    redirected.setHost(server.getHost());
    redirected.setPort(server.getPort());
    return redirected.build();
  }

  @Override
  public boolean supportsMethod(String method) throws IOException {
    return sender.supports(method);
  }

  @Override
  public LowLevelHttpRequest buildRequest(String method, String url) {
    return new BoundedRequest(sender, method, urls.apply(url));
  }

  @Override
  public boolean isMtls() {
    return sender.isMtls();
  }

  @Override
  public void shutdown() throws IOException {
    sender.close();
  }

  @Override
  public boolean isShutdown() {
    return sender.isClosed();
  }
}
