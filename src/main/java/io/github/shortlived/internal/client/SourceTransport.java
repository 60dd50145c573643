package io.github.shortlived.internal.client;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.auth.http.HttpTransportFactory;
import java.io.IOException;

/**
 * The same transports for source credentials, with two differences that google-auth has no setting
 * for. Redirects can be refused, which google-http-client follows with the body and most headers.
 * And an error of a Security Token Service that is none of OAuth 2.0, such as a proxy's page, is
 * thrown with all that it says: google-auth stumbles over it, and keeps not even the status.
 *
 * @param transports what does the work
 * @param followsRedirects whether a request may go elsewhere than to the URL it was made for
 */
public record SourceTransport(HttpTransportFactory transports, boolean followsRedirects)
    implements HttpTransportFactory {
  @Override
  public HttpTransport create() {
    return new Transport(transports.create(), followsRedirects);
  }

  private static final class Transport extends HttpTransport {
    private final HttpTransport transport;
    private final boolean followsRedirects;

    Transport(HttpTransport transport, boolean followsRedirects) {
      this.transport = transport;
      this.followsRedirects = followsRedirects;
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
      return new SourceRequest(transport, method, url, followsRedirects);
    }
  }
}
