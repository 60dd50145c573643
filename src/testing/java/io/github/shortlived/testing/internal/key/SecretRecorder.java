package io.github.shortlived.testing.internal.key;

import com.google.common.io.BaseEncoding;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Consumer;

/**
 * Creates secrets, and reports the secrets that the emulators of this JVM issue or receive. Tests
 * of this library listen, and search logs and messages for the secrets; otherwise there is no
 * listener. Safe for concurrent use.
 */
public final class SecretRecorder {
  private static final Set<Consumer<String>> LISTENERS = new CopyOnWriteArraySet<>();
  private static final SecureRandom RANDOM = new SecureRandom();

  private SecretRecorder() {}

  /** Returns a new secret: the prefix, and random bytes as Base64. */
  public static String random(String prefix, int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return record(prefix + BaseEncoding.base64Url().omitPadding().encode(bytes));
  }

  /** Reports the secret, and returns it. */
  public static String record(String secret) {
    LISTENERS.forEach(listener -> listener.accept(secret));
    return secret;
  }

  public static void listen(Consumer<String> listener) {
    LISTENERS.add(listener);
  }

  public static void stop(Consumer<String> listener) {
    LISTENERS.remove(listener);
  }
}
