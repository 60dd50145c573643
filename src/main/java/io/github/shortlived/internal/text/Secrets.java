package io.github.shortlived.internal.text;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Shows and compares secrets without revealing them. */
public final class Secrets {
  private Secrets() {}

  /** Returns the start of the SHA-256 of a secret, to show in its place. */
  public static String fingerprint(String secret) {
    return fingerprint(secret.getBytes(StandardCharsets.UTF_8));
  }

  public static String fingerprint(byte[] secret) {
    return "sha256:" + Hashing.sha256().hashBytes(secret).toString().substring(0, 12);
  }

  /** Compares in a time that does not depend on where the two differ. */
  public static boolean constantTimeEquals(String one, String other) {
    return constantTimeEquals(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  public static boolean constantTimeEquals(byte[] one, byte[] other) {
    return MessageDigest.isEqual(one, other);
  }
}
