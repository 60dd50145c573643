package io.github.shortlived.internal.text;

import java.util.regex.Pattern;

/** The addresses of this machine itself, in the spellings that all parsers read alike. */
public final class LoopbackAddress {
  // Not 127.1, 0x7f.0.0.1 or 0177.0.0.1, which some parsers read as other addresses.
  private static final Pattern FORM =
      Pattern.compile(
          "127(?:\\.(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}|localhost|\\[::1]");

  private LoopbackAddress() {}

  /** Returns whether this is the host of a URL at this machine. */
  public static boolean matches(String host) {
    return FORM.matcher(host).matches();
  }
}
