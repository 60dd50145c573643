package io.github.shortlived;

import java.time.Duration;
import java.util.Locale;

/** Numbers as a sentence has them. */
final class Spoken {
  private Spoken() {}

  /** A length of time, to the unit that says enough of it: {@code 7 minutes}. */
  static String roughly(Duration time) {
    Duration rounded = time.abs().plusMillis(500);
    long minutes = rounded.plusSeconds(30).toMinutes();
    long hours = rounded.plusMinutes(30).toHours();
    if (rounded.toSeconds() < 90) {
      return count(rounded.toSeconds(), "second");
    } else if (minutes < 90 && minutes != 60) {
      return count(minutes, "minute");
    }
    return hours < 36 ? count(hours, "hour") : count(rounded.plusHours(12).toDays(), "day");
  }

  /** A length of time in seconds, to a tenth: {@code 1.5 s}. */
  static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.);
  }

  /** The number with its noun: {@code 1 attempt}, {@code 2 attempts}. */
  static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
