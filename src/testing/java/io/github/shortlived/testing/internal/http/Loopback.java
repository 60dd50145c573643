package io.github.shortlived.testing.internal.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;

/** The loopback interface, the only one on which the emulator listens. */
public final class Loopback {
  private Loopback() {}

  public static InetSocketAddress anyPort() {
    return port(0);
  }

  /** Returns the address of a port; 0 means a free one. */
  static InetSocketAddress port(int port) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("Four bytes are an address", e);
    }
  }

  public static URI uri(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }
}
