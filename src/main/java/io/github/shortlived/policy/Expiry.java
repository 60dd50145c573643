package io.github.shortlived.policy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The end of a grant, as a condition: the title says whose it is, the expression ends it. Ours are
 * those in which both say the same instant, so that what somebody edited since is nobody's to
 * sweep.
 */
public final class Expiry {
  private static final String TITLE = "short-lived until ";
  private static final String AND = " && (";
  private static final Pattern OUR_TITLE =
      Pattern.compile(TITLE + "(\\S+Z)(?:: .*)?", Pattern.DOTALL);

  private Expiry() {}

  /** Ends at that instant, to the second, and counts before only as the own condition says. */
  public static Condition at(Instant end, @Nullable Condition own) {
    Instant second = end.truncatedTo(ChronoUnit.SECONDS);
    if (own == null) {
      return Condition.of(TITLE + second, before(second));
    }
    return new Condition(
        TITLE + second + ": " + own.title(),
        own.description(),
        before(second) + AND + own.expression() + ")");
  }

  /** When a grant of ours ends; empty for any other condition. */
  public static Optional<Instant> of(Condition condition) {
    Matcher title = OUR_TITLE.matcher(condition.title());
    if (!title.matches()) {
      return Optional.empty();
    }
    try {
      Instant end = Instant.parse(title.group(1));
      return Optional.of(end).filter(instant -> ends(condition.expression(), instant));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** The expression without the end that is ours. */
  public static String withoutEnd(Condition condition) {
    String expression = condition.expression();
    return of(condition)
        .map(end -> expression.substring(before(end).length()).replaceFirst("^ && ", ""))
        .orElse(expression);
  }

  private static boolean ends(String expression, Instant end) {
    String before = before(end);
    return expression.equals(before)
        || (expression.startsWith(before + AND)
            && expression.endsWith(")")
            && isOneOperand(expression.substring((before + AND).length() - 1)));
  }

  /** As {@code (a) || (b)} is not, which counts whatever is before it. */
  private static boolean isOneOperand(String bracketed) {
    return bracketed.length() > 2
        && CelScanner.isWhole(bracketed)
        && CelScanner.isWhole(bracketed.substring(1, bracketed.length() - 1));
  }

  private static String before(Instant end) {
    return "request.time < timestamp(\"" + end + "\")";
  }
}
