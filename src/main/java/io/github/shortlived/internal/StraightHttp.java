package io.github.shortlived.internal;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.auth.http.HttpTransportFactory;
import java.io.IOException;

/**
 * The same transports, except that no request goes anywhere but to the URL that it was made for:
 * google-http-client follows redirects, with the body and most headers, and google-auth cannot be
 * told not to.
 *
 * @param transports what does the work
 */
public record StraightHttp(HttpTransportFactory transports) implements HttpTransportFactory {
  @Override
  public HttpTransport create() {
    return new Straight(transports.create());
  }

  private static final class Straight extends HttpTransport {
    private final HttpTransport transport;

    Straight(HttpTransport transport) {
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
      return new StraightRequest(transport, method, url);
    }
  }
}
