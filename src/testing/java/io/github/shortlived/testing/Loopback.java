package io.github.shortlived.testing;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;

/** The only interface the emulator listens on. */
final class Loopback {
  private Loopback() {}

  static InetSocketAddress anyPort() {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("Four bytes are an address", e);
    }
  }

  static URI uri(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }
}
