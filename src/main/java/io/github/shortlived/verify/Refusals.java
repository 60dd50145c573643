package io.github.shortlived.verify;

import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.VerificationCheck;

/**
 * Creates the exceptions that refuse a credential of this kind.
 *
 * @param kind begins the message, such as {@code ID token}
 */
record Refusals(String kind) {
  private static final int MAX_QUOTED = 100;

  CredentialException because(VerificationCheck check, String reason, String fix) {
    return InternalExceptions.verificationFailed(
        check, "The %s is refused: %s. %s.".formatted(kind, reason, fix));
  }

  /** Throws if the condition does not hold. For a constant reason: others are slow to create. */
  void require(boolean holds, VerificationCheck check, String reason, String fix) {
    if (!holds) {
      throw because(check, reason, fix);
    }
  }

  /** Quotes a text, or says that it is missing if it is empty. */
  static String quotedOrMissing(String text) {
    return text.isEmpty() ? "missing" : quoted(text);
  }

  /** Quotes an untrusted text in one visible, short line without secrets. */
  static String quoted(String text) {
    String line = SafeText.visibleBeginning(text);
    boolean isShort = line.codePointCount(0, line.length()) <= MAX_QUOTED;
    return "'%s'"
        .formatted(
            isShort ? line : line.substring(0, line.offsetByCodePoints(0, MAX_QUOTED)) + "…");
  }
}
