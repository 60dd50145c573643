package io.github.shortlived;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import com.google.auth.http.HttpTransportFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** An HTTP transport that never responds and ignores timeouts, until it is closed. */
public final class StuckHttp extends HttpTransport implements HttpTransportFactory, AutoCloseable {
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Runs when a request has been sent. */
  public volatile Runnable onRequest = () -> {};

  /** The read timeout of the last request. */
  public volatile Duration timeout = Duration.ZERO;

  @Override
  public HttpTransport create() {
    return this;
  }

  @Override
  protected LowLevelHttpRequest buildRequest(String method, String url) {
    return new LowLevelHttpRequest() {
      @Override
      public void addHeader(String name, String value) {}

      @Override
      public void setTimeout(int connectMillis, int readMillis) {
        timeout = Duration.ofMillis(readMillis);
      }

      @Override
      public LowLevelHttpResponse execute() throws IOException {
        onRequest.run();
        return never();
      }
    };
  }

  private LowLevelHttpResponse never() throws IOException {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IOException("Closed");
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
