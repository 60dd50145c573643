package io.github.shortlived.internal.text;

import java.net.URI;

/** Tells to which URLs a token may be sent. */
public final class SecureUrls {
  /** The rule of {@link #isSecure} for tokens. */
  public static final String RULE =
      "bearer tokens are sent only over https (http only to 127.0.0.1)";

  private SecureUrls() {}

  /** Returns whether the URL has a host and is https, or http at this machine's loopback. */
  public static boolean isSecure(URI url) {
    String host = url.getHost();
    String scheme = url.getScheme();
    return host != null
        && ("https".equals(scheme) || ("http".equals(scheme) && LoopbackAddress.matches(host)));
  }
}
