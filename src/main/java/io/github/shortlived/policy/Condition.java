package io.github.shortlived.policy;

import io.github.shortlived.internal.text.Arguments;
import io.github.shortlived.internal.text.CelScanner;
import io.github.shortlived.internal.text.SafeText;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A condition of a binding: the binding applies only while the expression is true. Immutable. Two
 * conditions are equal if their three texts are equal, as in IAM. Limits are checked when a
 * condition is granted, not when it is read from a policy.
 *
 * @param title a short title; at most 100 characters in a grant
 * @param description a longer text, or an empty one; at most 256 characters in a grant
 * @param expression an expression in the Common Expression Language, such as {@code resource.name
 *     == "projects/-/serviceAccounts/1"}; at most 12 logical operators
 * @see <a href="https://cloud.google.com/iam/docs/conditions-overview">IAM Conditions</a>
 */
public record Condition(String title, String description, String expression) {
  public Condition {
    Arguments.nonNull(title, "title");
    Arguments.nonNull(description, "description");
    Arguments.nonNull(expression, "expression");
  }

  private static final String TITLE = "short-lived until ";
  private static final Pattern EXPIRY_TITLE =
      Pattern.compile(TITLE + "(\\S+Z)(?:: .*)?", Pattern.DOTALL);
  private static final String AND = " && (";
  private static final Pattern TIME_LIMIT =
      Pattern.compile("\\s*request\\.time\\s*<=?\\s*timestamp\\(\\s*([\"'])(\\S+)\\1\\s*\\)\\s*");

  /** {@return a condition without a description} */
  public static Condition of(String title, String expression) {
    return new Condition(title, "", expression);
  }

  /** {@return a condition that is true before this instant, truncated to seconds} */
  public static Condition until(Instant end) {
    Arguments.nonNull(end, "end");
    Instant second = end.truncatedTo(ChronoUnit.SECONDS);
    return of(TITLE + second, before(second));
  }

  /** {@return this condition, but only before this instant, truncated to seconds} */
  public Condition withExpiry(Instant end) {
    Arguments.nonNull(end, "end");
    Condition expiry = until(end);
    return new Condition(
        expiry.title + ": " + title, description, expiry.expression + AND + expression + ")");
  }

  /**
   * {@return the instant of {@link #until} or {@link #withExpiry}; empty if other software wrote or
   * edited the condition}
   */
  public Optional<Instant> expiry() {
    Matcher matcher = EXPIRY_TITLE.matcher(title);
    return matcher.matches()
        ? parse(matcher.group(1), Instant::parse)
            .filter(end -> end.toString().equals(matcher.group(1)) && hasExpiry(end))
        : Optional.empty();
  }

  /**
   * {@return the end of a condition that limits only the time, with any title: {@code request.time
   * < timestamp("...")}, as the Cloud console writes it}
   */
  public Optional<Instant> timeLimit() {
    Matcher matcher = TIME_LIMIT.matcher(expression);
    return matcher.matches()
        ? parse(matcher.group(2), text -> OffsetDateTime.parse(text).toInstant())
        : Optional.empty();
  }

  private static Optional<Instant> parse(String timestamp, Function<String, Instant> parser) {
    try {
      return Optional.of(parser.apply(timestamp));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** {@return the expression without the {@link #expiry}; empty if there is no other part} */
  public String withoutExpiry() {
    return expiry()
        .map(end -> expression.substring(before(end).length()).replaceFirst("^ && ", ""))
        .orElse(expression);
  }

  private boolean hasExpiry(Instant end) {
    String before = before(end);
    return expression.equals(before)
        || (expression.startsWith(before + AND)
            && expression.endsWith(")")
            && isOneOperand(expression.substring((before + AND).length() - 1)));
  }

  private static String before(Instant end) {
    return "request.time < timestamp(\"" + end + "\")";
  }

  /** Rejects {@code (a) || (b)}, which can be true after the expiry. */
  private static boolean isOneOperand(String bracketed) {
    return bracketed.length() > 2
        && CelScanner.isWhole(bracketed)
        && CelScanner.isWhole(bracketed.substring(1, bracketed.length() - 1));
  }

  /** {@return when the condition is true, in one line} */
  @Override
  public String toString() {
    String rest = withoutExpiry();
    String until = expiry().map(end -> "until " + end).orElse("");
    String when = rest.isEmpty() ? "" : "if " + SafeText.visible(rest);
    return until + (until.isEmpty() || when.isEmpty() ? "" : ", ") + when;
  }
}
