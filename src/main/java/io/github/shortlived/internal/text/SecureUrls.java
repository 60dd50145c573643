package io.github.shortlived.internal.text;

import com.google.common.base.Ascii;
import java.net.URI;
import java.util.Objects;

/** The rule for URLs that may receive a token. */
public final class SecureUrls {
  /** The rule of {@link #isSecure} for tokens. */
  public static final String RULE =
      "bearer tokens are sent only over https (http only to 127.0.0.1)";

  private SecureUrls() {}

  /** Returns whether the URL has a host and is https, or http at this machine's loopback. */
  public static boolean isSecure(URI url) {
    String host = url.getHost();
    String scheme = Ascii.toLowerCase(Objects.requireNonNullElse(url.getScheme(), ""));
    return host != null
        && (scheme.equals("https") || (scheme.equals("http") && LoopbackAddress.matches(host)));
  }
}
