package io.github.shortlived.testing.internal.http;

import com.google.common.net.InetAddresses;
import java.net.InetSocketAddress;
import java.net.URI;

/** The loopback interface, the only one on which the emulator listens. */
public final class Loopback {
  private Loopback() {}

  /** Returns the address of a port; 0 means a free one. */
  public static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddresses.forString("127.0.0.1"), port);
  }

  public static URI uri(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }
}
