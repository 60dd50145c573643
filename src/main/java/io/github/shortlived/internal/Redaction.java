package io.github.shortlived.internal;

import java.util.regex.Pattern;

/**
 * Takes out of a foreign text whatever looks like a secret: the last line of defence for messages.
 */
public final class Redaction {
  private static final Pattern SECRET =
      Pattern.compile(
          "eyJ[A-Za-z0-9_-]{8,}(?:\\.[A-Za-z0-9_-]*){0,2}" // JSON Web Tokens, assertions
              + "|ya29\\.[A-Za-z0-9._-]+" // access tokens
              + "|1//[A-Za-z0-9_-]{8,}" // refresh tokens
              + "|GOCSPX-[A-Za-z0-9_-]+" // client secrets
              + "|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)",
          Pattern.DOTALL);

  private Redaction() {}

  /** The text with every secret replaced by {@code [redacted]}. */
  public static String redact(String text) {
    return SECRET.matcher(text).replaceAll("[redacted]");
  }
}
