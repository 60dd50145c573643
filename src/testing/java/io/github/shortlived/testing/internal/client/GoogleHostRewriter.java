package io.github.shortlived.testing.internal.client;

import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.auth.http.HttpTransportFactory;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;
import java.util.Set;

/** Sends requests for Google's hosts to the emulator, and all others to their URL. */
public final class GoogleHostRewriter {
  private static final Set<String> OTHER_HOSTS =
      Set.of("accounts.google.com", "metadata.google.internal", "metadata", "169.254.169.254");

  private final URI emulator;

  private GoogleHostRewriter(URI emulator) {
    this.emulator = emulator;
  }

  public static HttpTransportFactory to(URI emulator) {
    GoogleHostRewriter rewriter = new GoogleHostRewriter(emulator);
    NetHttpTransport transport =
        new NetHttpTransport.Builder().setConnectionFactory(rewriter::open).build();
    return () -> transport;
  }

  private HttpURLConnection open(URL url) throws IOException {
    if (!isGoogle(url.getHost())) {
      return (HttpURLConnection) url.openConnection();
    }
    URL local =
        new URL(emulator.getScheme(), emulator.getHost(), emulator.getPort(), url.getFile());
    return (HttpURLConnection) local.openConnection(Proxy.NO_PROXY);
  }

  private static boolean isGoogle(String host) {
    return host.endsWith(".googleapis.com") || OTHER_HOSTS.contains(host);
  }
}
