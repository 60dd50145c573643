package io.github.shortlived.internal.http;

import io.github.shortlived.LoopbackNetwork;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * Servers with a certificate that {@code HttpURLConnection} trusts until this is closed.
 *
 * @param context has the certificate
 * @param before the factory that was the default
 */
record Tls(SSLContext context, SSLSocketFactory before) implements Closeable {
  static Tls trusted(Path folder) throws Exception {
    KeyStore certificate = LoopbackNetwork.certificate(folder, "ip:127.0.0.1");
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(certificate);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(LoopbackNetwork.keys(certificate), trust.getTrustManagers(), null);
    SSLSocketFactory before = HttpsURLConnection.getDefaultSSLSocketFactory();
    HttpsURLConnection.setDefaultSSLSocketFactory(context.getSocketFactory());
    return new Tls(context, before);
  }

  ServerSocket serverSocket() throws IOException {
    return context
        .getServerSocketFactory()
        .createServerSocket(0, 100, InetAddress.getLoopbackAddress());
  }

  @Override
  public void close() {
    HttpsURLConnection.setDefaultSSLSocketFactory(before);
  }
}
