package io.github.shortlived.internal.text;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Formats numbers and durations for messages. */
public final class Phrases {
  private Phrases() {}

  /** Formats a duration exactly: {@code 8 h}, {@code 1 h 30 min}, {@code 1.5 s}, {@code 250 ms}. */
  public static String exact(Duration time) {
    if (time.isNegative()) {
      return "-" + exact(time.negated());
    } else if (time.compareTo(Duration.ofSeconds(1)) < 0) {
      return decimal(time.toNanos(), 1_000_000) + (time.isZero() ? " s" : " ms");
    }
    Duration seconds = time.minusMinutes(time.toMinutes());
    List<String> parts = new ArrayList<>();
    add(parts, String.valueOf(time.toHours()), "h");
    add(parts, String.valueOf(time.toMinutesPart()), "min");
    add(parts, decimal(seconds.toNanos(), 1_000_000_000), "s");
    return String.join(" ", parts);
  }

  private static void add(List<String> parts, String number, String unit) {
    if (!number.equals("0")) {
      parts.add(number + " " + unit);
    }
  }

  private static String decimal(long nanos, long unit) {
    return BigDecimal.valueOf(nanos)
        .divide(BigDecimal.valueOf(unit))
        .stripTrailingZeros()
        .toPlainString();
  }

  /** Formats a duration roughly, in the largest unit that says enough: {@code 7 minutes}. */
  public static String approximate(Duration time) {
    Duration rounded = time.abs().plusMillis(500);
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
}
