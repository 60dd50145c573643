package io.github.shortlived.internal.http;

import java.net.Authenticator;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/** Where {@code java.net.http} reaches a server as {@code HttpURLConnection} does. */
final class Route {
  private static final boolean HAS_CLIENT =
      ModuleLayer.boot().findModule("java.net.http").isPresent();

  private Route() {}

  /**
   * Returns whether both clients treat this URL alike. They do not if the process has an
   * authenticator, which a proxy may need, or a SOCKS proxy, which {@code java.net.http} does not
   * use.
   */
  static boolean isCommon(String url) {
    return HAS_CLIENT && Authenticator.getDefault() == null && isCommonAddress(url);
  }

  private static boolean isCommonAddress(String url) {
    try {
      URI uri = new URI(url);
      return uri.getHost() != null && !usesSocks(uri);
    } catch (URISyntaxException e) {
      return false; // HttpURLConnection reports the fault, if it is one.
    }
  }

  private static boolean usesSocks(URI uri) {
    ProxySelector selector = ProxySelector.getDefault();
    List<Proxy> proxies = selector == null ? List.of() : selector.select(uri);
    return proxies.stream().anyMatch(proxy -> proxy.type() == Proxy.Type.SOCKS);
  }
}
