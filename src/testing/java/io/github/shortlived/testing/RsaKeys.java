package io.github.shortlived.testing;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keys for one world, drawn in order from a list that all worlds of the JVM share: making an RSA
 * key takes longer than most tests, and the second emulator needs no new one.
 */
final class RsaKeys {
  private static final Map<Integer, SigningKey> SHARED = new ConcurrentHashMap<>();

  private final AtomicInteger next = new AtomicInteger();

  SigningKey take() {
    return SHARED.computeIfAbsent(next.getAndIncrement(), number -> SigningKey.generate());
  }
}
