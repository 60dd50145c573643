package io.github.shortlived.internal.http;

import com.google.api.client.http.HttpTransport;
import com.google.auth.http.HttpTransportFactory;

/** The transport that is used unless another is set. */
public final class DefaultTransport {
  private DefaultTransport() {}

  /** Returns a factory that creates a transport each time. */
  public static HttpTransportFactory factory() {
    return DefaultTransport::create;
  }

  static HttpTransport create() {
    return new BoundedTransport(new UrlConnectionSender());
  }
}
