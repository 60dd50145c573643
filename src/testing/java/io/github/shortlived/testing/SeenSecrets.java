package io.github.shortlived.testing;

import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Consumer;

/**
 * Tells tests of this library which secrets the emulators of this JVM give out or are shown, so
 * that they can search for them where none belongs. Otherwise nobody listens. Safe for concurrent
 * use.
 */
final class SeenSecrets {
  private static final Set<Consumer<String>> LISTENERS = new CopyOnWriteArraySet<>();

  private SeenSecrets() {}

  /** The same secret, once it is told. */
  static String tell(String secret) {
    LISTENERS.forEach(listener -> listener.accept(secret));
    return secret;
  }

  static void listen(Consumer<String> listener) {
    LISTENERS.add(listener);
  }

  static void stop(Consumer<String> listener) {
    LISTENERS.remove(listener);
  }
}
