package io.github.shortlived.model;

import io.github.shortlived.internal.text.SafeText;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** Checks at the public door: an error tells the value, the rule and the fix. */
final class Checks {
  private static final int LONGEST_VALUE = 100;

  private Checks() {}

  static void request(boolean holds, String what, String value, String rule, String fix) {
    if (!holds) {
      throw invalid(what, value, rule, fix);
    }
  }

  static CredentialException invalid(String what, String value, String rule, String fix) {
    return new CredentialException.InvalidRequest(
        "Invalid %s '%s': %s. %s.".formatted(what, shortened(value), rule, capitalized(fix)));
  }

  /** A whole number of seconds between one second and {@code most}. */
  static Duration lifetime(Duration lifetime, Duration most, String rule, String fix) {
    boolean whole = lifetime.equals(lifetime.truncatedTo(ChronoUnit.SECONDS));
    boolean inRange =
        lifetime.compareTo(Duration.ofSeconds(1)) >= 0 && lifetime.compareTo(most) <= 0;
    boolean tooLong = lifetime.compareTo(most) > 0;
    request(
        whole && inRange,
        "lifetime",
        lifetime.toString(),
        rule,
        tooLong ? fix : "ask for whole seconds, at least one");
    return lifetime;
  }

  private static String shortened(String value) {
    String line = SafeText.escape(SafeText.redact(value), hidden -> "?");
    return line.codePointCount(0, line.length()) <= LONGEST_VALUE
        ? line
        : line.substring(0, line.offsetByCodePoints(0, LONGEST_VALUE)) + "…";
  }

  private static String capitalized(String sentence) {
    return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
  }
}
