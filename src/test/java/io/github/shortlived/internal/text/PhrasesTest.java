package io.github.shortlived.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhrasesTest {
  @ParameterizedTest
  @CsvSource({
    "PT0S, 0 s",
    "PT0.25S, 250 ms",
    "PT0.0000015S, 0.0015 ms",
    "PT1S, 1 s",
    "PT1.5S, 1.5 s",
    "PT15S, 15 s",
    "PT20M, 20 min",
    "PT8H, 8 h",
    "PT1H30M, 1 h 30 min",
    "PT1H0.5S, 1 h 0.5 s",
    "P365D, 8760 h",
    "PT-5M, -5 min",
    "PT-59.5S, -59.5 s",
    "PT-0.25S, -250 ms",
    "PT-9223372036854775808S, -2562047788015215 h 30 min 8 s",
    "PT9223372036854775807.999999999S, 2562047788015215 h 30 min 7.999999999 s"
  })
  void exact_duration_isWrittenInUnits(Duration time, String text) {
    assertThat(Phrases.exact(time)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0 seconds",
    "PT0.5S, 1 second",
    "PT89.4S, 89 seconds",
    "PT90S, 2 minutes",
    "PT-7M, 7 minutes",
    "PT7M20S, 7 minutes",
    "PT59M, 59 minutes",
    "PT60M, 1 hour",
    "PT61M, 61 minutes",
    "PT90M, 2 hours",
    "PT35H, 35 hours",
    "PT36H, 2 days",
    "P300D, 300 days",
    "PT-9223372036854775808S, 106751991167300 days",
    "PT9223372036854775807.999999999S, 106751991167300 days"
  })
  void approximate_duration_isInItsLargestUnit(Duration time, String words) {
    assertThat(Phrases.approximate(time)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({"PT0S, 0.0 s", "PT0.04S, 0.0 s", "PT1.25S, 1.3 s", "PT1M, 60.0 s"})
  void seconds_duration_isRoundedToATenth(Duration time, String words) {
    assertThat(Phrases.seconds(time)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({"0, 0 attempts", "1, 1 attempt", "2, 2 attempts"})
  void pluralize_number_hasItsNoun(long number, String words) {
    assertThat(Phrases.pluralize(number, "attempt")).isEqualTo(words);
  }
}
