package io.github.shortlived.diagnosis;

import io.github.shortlived.audit.AccountAccess.Entry;
import io.github.shortlived.policy.Condition;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When bindings end by a condition on nothing but time, whoever wrote it: that of the Cloud console
 * and of Google's documentation is {@code request.time < timestamp("...")}.
 */
final class TimeLimit {
  private static final Pattern BEFORE =
      Pattern.compile("\\s*request\\.time\\s*<=?\\s*timestamp\\(\\s*([\"'])(\\S+)\\1\\s*\\)\\s*");

  private TimeLimit() {}

  static boolean hasEnded(Entry entry, Instant now) {
    return entry.expired() || end(entry).filter(end -> !end.isAfter(now)).isPresent();
  }

  /** Whether there is a condition beyond such an end. */
  static boolean isConditional(Entry entry) {
    return entry.conditional() && end(entry).isEmpty();
  }

  private static Optional<Instant> end(Entry entry) {
    return entry.binding().condition().flatMap(TimeLimit::end);
  }

  private static Optional<Instant> end(Condition condition) {
    Matcher before = BEFORE.matcher(condition.expression());
    try {
      return before.matches()
          ? Optional.of(OffsetDateTime.parse(before.group(2)).toInstant())
          : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
