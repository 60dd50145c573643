package io.github.shortlived.internal.http;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.auth.http.HttpTransportFactory;
import java.io.IOException;

/**
 * A transport whose requests return when the whole response is in memory, decompressed. A response
 * of more than 16 MiB is refused. The read timeout of a request, 20 s by default, limits the whole
 * exchange, whatever the peer does; an interrupt ends it at once. A redirect is refused.
 * Thread-safe.
 */
public final class BoundedTransport extends HttpTransport {
  private final Sender sender;

  BoundedTransport(Sender sender) {
    this.sender = sender;
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

  @Override
  public boolean supportsMethod(String method) throws IOException {
    return sender.supports(method);
  }

  @Override
  public LowLevelHttpRequest buildRequest(String method, String url) {
    return new BoundedRequest(sender, method, url);
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
