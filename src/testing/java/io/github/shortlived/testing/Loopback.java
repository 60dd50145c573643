package io.github.shortlived.testing;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;

/** The only interface the emulator listens on. */
final class Loopback {
  private Loopback() {}

  static InetSocketAddress anyPort() {
    return port(0);
  }

  /** Port 0 stands for any free one. */
  static InetSocketAddress port(int port) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("Four bytes are an address", e);
    }
  }

  static URI uri(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }
}
