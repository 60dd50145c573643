package io.github.shortlived.testing.internal.key;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Base64;

/** The textual encoding of keys and certificates. */
public final class Pem {
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII));

  private Pem() {}

  public static String of(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + LINES.encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }
}
