package io.github.shortlived;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;

/** What is shown in place of a secret. */
final class Fingerprint {
  private Fingerprint() {}

  static String of(String secret) {
    return of(secret.getBytes(StandardCharsets.UTF_8));
  }

  static String of(byte[] secret) {
    return "sha256:" + Hashing.sha256().hashBytes(secret).toString().substring(0, 12);
  }
}
