package io.github.shortlived.internal.http;

import com.google.api.client.http.HttpTransport;
import com.google.auth.http.HttpTransportFactory;

/**
 * The transport that is used unless another is set. The whole process shares it, and a shutdown
 * changes nothing: its idle connections and threads end by themselves after some seconds.
 */
public final class DefaultTransport {
  private static final HttpTransport SHARED = create();

  private DefaultTransport() {}

  /** Returns the same transport each time. */
  public static HttpTransportFactory factory() {
    return () -> SHARED;
  }

  static HttpTransport create() {
    return new BoundedTransport(new UrlConnectionSender());
  }
}
