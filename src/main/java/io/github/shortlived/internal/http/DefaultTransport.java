package io.github.shortlived.internal.http;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpResponse;
import com.google.auth.http.HttpTransportFactory;
import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The transport that is used unless another is set. The whole process shares it, and a shutdown
 * changes nothing: its idle connections and threads end by themselves. It keeps the bodies of
 * responses with status 401. It follows no redirect.
 *
 * <p>Calls that do not overlap go through {@link UrlConnectionSender}, so that the first token of a
 * process does not wait for the classes of {@code java.net.http}. Calls beyond the fourth at once
 * go through {@link PooledSender}, which has a connection for each.
 */
public final class DefaultTransport {
  private static final HttpTransport SHARED = create();

  private DefaultTransport() {}

  /** Returns the same transport each time. */
  public static HttpTransportFactory factory() {
    return () -> SHARED;
  }

  static HttpTransport create() {
    return new BoundedTransport(new Switching());
  }

  private static final class Switching implements Sender {
    private static final int FEW = 4;

    private final Sender first = new UrlConnectionSender();
    private final Supplier<Sender> pooled = Suppliers.memoize(PooledSender::create);
    private final AtomicInteger calls = new AtomicInteger();

    @Override
    public boolean supports(String method) throws IOException {
      return first.supports(method);
    }

    @Override
    public LowLevelHttpResponse send(BoundedRequest request) throws IOException {
      boolean many = calls.incrementAndGet() > FEW;
      try {
        Sender sender = many && Route.isCommon(request.url()) ? pooled.get() : first;
        return sender.send(request);
      } finally {
        calls.decrementAndGet();
      }
    }
  }
}
