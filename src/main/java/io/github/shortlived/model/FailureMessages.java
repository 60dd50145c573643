package io.github.shortlived.model;

import io.github.shortlived.internal.failure.CallDetails;
import io.github.shortlived.internal.failure.ServiceFailure;
import io.github.shortlived.internal.text.Phrases;
import java.time.Duration;

/** What a service's failure is told by. */
final class FailureMessages {
  private static final Duration HARMLESS = Duration.ofSeconds(30);

  private FailureMessages() {}

  /** What the service answered, with its status and reason. */
  static String answer(ServiceFailure failure) {
    String reason = failure.reason() == null ? "" : ", " + failure.reason();
    String message = failure.message().strip();
    String end = message.endsWith(".") ? "" : ".";
    return "%s (%s%s)".formatted(message + end, failure.status(), reason);
  }

  /** What was done in vain, where somebody counted. */
  static String attemptSummary(CallDetails facts) {
    if (facts.attempts() == 0) {
      return "";
    }
    String pause =
        facts.askedPause().isZero()
            ? ""
            : " The service asked for a pause of %s, for which the total timeout leaves no time."
                .formatted(Phrases.approximate(facts.askedPause()));
    return " %s after %s in %s.%s"
        .formatted(
            facts.interrupted() ? "Interrupted" : "Given up",
            Phrases.pluralize(facts.attempts(), "attempt"),
            Phrases.seconds(facts.elapsed()),
            pause);
  }

  /** Whether the clock is to blame: one that is wrong by seconds harms nobody. */
  static boolean isSkewed(CallDetails facts) {
    return facts.clockAhead().abs().compareTo(HARMLESS) >= 0;
  }

  static String clock(CallDetails facts) {
    if (!isSkewed(facts)) {
      return "";
    }
    Duration ahead = facts.clockAhead();
    return " This machine's clock is %s %s the server's: set it right."
        .formatted(Phrases.approximate(ahead), ahead.isNegative() ? "behind" : "ahead of");
  }
}
