package io.github.shortlived.internal.text;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;

/** What is shown in place of a secret. */
public final class Fingerprint {
  private Fingerprint() {}

  public static String of(String secret) {
    return of(secret.getBytes(StandardCharsets.UTF_8));
  }

  public static String of(byte[] secret) {
    return "sha256:" + Hashing.sha256().hashBytes(secret).toString().substring(0, 12);
  }
}
