package io.github.shortlived;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpokenTest {
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
    "P300D, 300 days"
  })
  void roughly_time_isToldByItsLargestUnit(Duration time, String words) {
    assertThat(Spoken.roughly(time)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({"PT0S, 0.0 s", "PT0.04S, 0.0 s", "PT1.25S, 1.3 s", "PT1M, 60.0 s"})
  void seconds_time_isToldToATenth(Duration time, String words) {
    assertThat(Spoken.seconds(time)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({"0, 0 attempts", "1, 1 attempt", "2, 2 attempts"})
  void count_number_hasItsNoun(long number, String words) {
    assertThat(Spoken.count(number, "attempt")).isEqualTo(words);
  }
}
