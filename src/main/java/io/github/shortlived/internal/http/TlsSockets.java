package io.github.shortlived.internal.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/**
 * Creates TLS sockets with the JVM's default factory and records them, for one call at a time. The
 * JDK stores idle connections by host and factory, and at most five for each. A call with a factory
 * of its own therefore has a connection of its own, and its sockets are known, so that they can be
 * closed.
 */
final class TlsSockets extends SSLSocketFactory {
  private final Collection<Socket> sockets = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  /** Closes all sockets, which no thread uses, and all later ones. */
  void close() {
    closed = true;
    sockets.forEach(TlsSockets::close);
  }

  /** Closes all sockets, also while a thread connects, reads or writes, and all later ones. */
  void abort() {
    closed = true;
    sockets.forEach(TlsSockets::abort);
  }

  private static void abort(Socket socket) {
    try {
      socket.setSoLinger(true, 0); // Otherwise close() waits for a thread that writes.
    } catch (IOException e) {
      // It is closed.
    }
    close(socket);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing else can be done.
    }
  }

  private Socket recorded(Socket socket) throws SocketException {
    sockets.removeIf(Socket::isClosed);
    sockets.add(socket);
    if (closed) { // abort() may have missed it.
      abort(socket);
      throw new SocketException("No thread waits for the response");
    }
    return socket;
  }

  private static SSLSocketFactory ofTheProcess() {
    return HttpsURLConnection.getDefaultSSLSocketFactory();
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return ofTheProcess().getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return ofTheProcess().getSupportedCipherSuites();
  }

  @Override
  public Socket createSocket() throws IOException {
    return recorded(ofTheProcess().createSocket());
  }

  @Override
  public Socket createSocket(Socket tunnel, String host, int port, boolean autoClose)
      throws IOException {
    return recorded(ofTheProcess().createSocket(tunnel, host, port, autoClose));
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return recorded(ofTheProcess().createSocket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return recorded(ofTheProcess().createSocket(host, port, localHost, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return recorded(ofTheProcess().createSocket(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return recorded(ofTheProcess().createSocket(host, port, localHost, localPort));
  }
}
