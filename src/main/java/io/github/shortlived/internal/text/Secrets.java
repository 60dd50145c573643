package io.github.shortlived.internal.text;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Compares secrets in a time that does not tell how far they are alike. */
public final class Secrets {
  private Secrets() {}

  public static boolean constantTimeEquals(String one, String other) {
    return constantTimeEquals(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  public static boolean constantTimeEquals(byte[] one, byte[] other) {
    return MessageDigest.isEqual(one, other);
  }
}
