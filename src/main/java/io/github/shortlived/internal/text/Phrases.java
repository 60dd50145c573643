package io.github.shortlived.internal.text;

import com.google.common.base.CaseFormat;
import com.google.common.collect.Comparators;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Formats numbers and durations for messages. */
public final class Phrases {
  // A day less than the maximum, so that rounding it does not overflow.
  private static final Duration LONGEST = Duration.ofSeconds(Long.MAX_VALUE).minusDays(1);

  private Phrases() {}

  /** Formats a duration exactly: {@code 8 h}, {@code 1 h 30 min}, {@code 1.5 s}, {@code 250 ms}. */
  public static String exact(Duration time) {
    String sign = time.isNegative() ? "-" : "";
    BigDecimal fraction = BigDecimal.valueOf(time.getNano(), 9);
    BigDecimal seconds = BigDecimal.valueOf(time.getSeconds()).add(fraction).abs();
    if (seconds.compareTo(BigDecimal.ONE) < 0) {
      return sign + plain(seconds.movePointRight(3)) + (time.isZero() ? " s" : " ms");
    }
    BigDecimal[] hours = seconds.divideAndRemainder(BigDecimal.valueOf(3_600));
    BigDecimal[] minutes = hours[1].divideAndRemainder(BigDecimal.valueOf(60));
    return Stream.of(part(hours[0], "h"), part(minutes[0], "min"), part(minutes[1], "s"))
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(" ", sign, ""));
  }

  private static String part(BigDecimal number, String unit) {
    return number.signum() == 0 ? "" : plain(number) + " " + unit;
  }

  private static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }

  /** Formats a duration roughly, in the largest unit that says enough: {@code 7 minutes}. */
  public static String approximate(Duration time) {
    Duration limited = Comparators.max(Comparators.min(time, LONGEST), LONGEST.negated());
    Duration rounded = limited.abs().plusMillis(500);
    long minutes = rounded.plusSeconds(30).toMinutes();
    long hours = rounded.plusMinutes(30).toHours();
    if (rounded.toSeconds() < 90) {
      return pluralize(rounded.toSeconds(), "second");
    } else if (minutes < 90 && minutes != 60) {
      return pluralize(minutes, "minute");
    }
    return hours < 36 ? pluralize(hours, "hour") : pluralize(rounded.plusHours(12).toDays(), "day");
  }

  /**
   * Formats how far a clock is ahead, or behind if negative: {@code 2 minutes behind the server's}.
   */
  public static String clockDifference(Duration ahead) {
    return approximate(ahead) + (ahead.isNegative() ? " behind" : " ahead of") + " the server's";
  }

  /** Formats a duration in seconds, rounded to a tenth: {@code 1.5 s}. */
  public static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.);
  }

  /** Formats a number with its noun: {@code 1 attempt}, {@code 2 attempts}. */
  public static String pluralize(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  /** Returns the type of an object, such as {@code permission_denied} or {@code granted}. */
  public static String typeName(Object value) {
    return CaseFormat.UPPER_CAMEL.to(CaseFormat.LOWER_UNDERSCORE, value.getClass().getSimpleName());
  }
}
