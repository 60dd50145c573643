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
  static String attemptSummary(CallDetails.Attempts attempts) {
    if (attempts.count() == 0) {
      return "";
    }
    String pause =
        attempts.excessiveDelay().isZero()
            ? ""
            : " The service asked for a pause of %s, for which the total timeout leaves no time."
                .formatted(Phrases.approximate(attempts.excessiveDelay()));
    return " %s after %s in %s.%s"
        .formatted(
            attempts.interrupted() ? "Interrupted" : "Given up",
            Phrases.pluralize(attempts.count(), "attempt"),
            Phrases.seconds(attempts.elapsed()),
            pause);
  }

  /** Whether the clock is to blame: one that is wrong by seconds harms nobody. */
  static boolean isSkewed(CallDetails details) {
    return details.clockAhead().abs().compareTo(HARMLESS) >= 0;
  }

  static String clock(CallDetails details) {
    if (!isSkewed(details)) {
      return "";
    }
    Duration ahead = details.clockAhead();
    return " This machine's clock is %s %s the server's: set it right."
        .formatted(Phrases.approximate(ahead), ahead.isNegative() ? "behind" : "ahead of");
  }
}
