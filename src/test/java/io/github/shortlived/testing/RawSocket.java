package io.github.shortlived.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;

/** A connection on which anything can be sent, HTTP or not. */
public final class RawSocket implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 30_000;

  private final Socket socket = new Socket();

  private RawSocket() {}

  public static RawSocket to(URI endpoint) throws IOException {
    RawSocket raw = new RawSocket();
    raw.socket.setSoTimeout(PATIENCE_MILLIS);
    raw.socket.connect(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()));
    return raw;
  }

  /** Sends a text, each character a byte. */
  public RawSocket send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    return this;
  }

  /** Closes the output, and still reads. */
  RawSocket endOutput() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** Reads until the other side closes the connection. */
  public String readToEnd() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
  }

  /** Waits until the other side closes or resets the connection. */
  public void awaitEnd() throws IOException {
    try {
      readToEnd();
    } catch (SocketException reset) {
      socket.close();
    }
  }

  /** Resets the connection. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
