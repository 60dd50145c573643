package io.github.shortlived.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.internal.cache.RefreshSchedule.Decision;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks the schedule with tables. Seconds count from the arrival of the token. */
class RefreshScheduleTest {
  private static final long ISSUED = 1_700_000_000_000L;

  @ParameterizedTest
  @CsvSource({
    // An hour: margin 10 s, refresh 540 s (jitter 0) to 900 s (jitter 1) before the usable end.
    "3600, 0, 0, SERVE",
    "3600, 0, 3049.999, SERVE",
    "3600, 0, 3050, SERVE_AND_REFRESH",
    "3600, 1, 2689.999, SERVE",
    "3600, 1, 2690, SERVE_AND_REFRESH",
    "3600, 0.5, 2869.999, SERVE",
    "3600, 0.5, 2870, SERVE_AND_REFRESH",
    "3600, 0, 3589.999, SERVE_AND_REFRESH",
    "3600, 0, 3590, WAIT",
    "3600, 0, 3600, WAIT",
    "3600, 0, 100000, WAIT",
    // The clock was set back: by the margin at most, or by more.
    "3600, 0, -10, SERVE",
    "3600, 0, -10.001, WAIT",
    // A minute: margin 3 s, refresh 9 to 15 s before.
    "60, 0, 0, SERVE",
    "60, 0, 47.999, SERVE",
    "60, 0, 48, SERVE_AND_REFRESH",
    "60, 1, 42, SERVE_AND_REFRESH",
    "60, 0, 56.999, SERVE_AND_REFRESH",
    "60, 0, 57, WAIT",
    "60, 0, -3, SERVE",
    "60, 0, -3.001, WAIT",
    // The margin stops growing at 200 s.
    "200, 0, 189.999, SERVE_AND_REFRESH",
    "200, 0, 190, WAIT",
    "43200, 0, 43189.999, SERVE_AND_REFRESH",
    "43200, 0, 43190, WAIT",
    // A second, and tokens that arrive expired.
    "1, 0, 0, SERVE",
    "1, 0, 0.949, SERVE_AND_REFRESH",
    "1, 0, 0.95, WAIT",
    "0, 0, 0, WAIT",
    "-5, 0, 0, WAIT",
    "-5, 0, -6, WAIT",
  })
  void at_everyBoundary_decides(double lifetime, double jitter, double seconds, Decision expected) {
    RefreshSchedule schedule = RefreshSchedule.of(ISSUED, ISSUED + millis(lifetime), jitter);

    assertThat(schedule.at(ISSUED + millis(seconds), 0)).isEqualTo(expected);
  }

  /** A minimum validity moves the refresh and the end of use forward. */
  @ParameterizedTest
  @CsvSource({
    "600, 0, SERVE",
    "600, 2449.999, SERVE",
    "600, 2450, SERVE_AND_REFRESH",
    "600, 2989.999, SERVE_AND_REFRESH",
    "600, 2990, WAIT",
    "600, -10, SERVE",
    "600, -10.001, WAIT",
    "2700, 889.999, SERVE_AND_REFRESH",
    "2700, 890, WAIT",
  })
  void at_minimumValidity_decidesAsForAShorterLifetime(
      double minimumValidity, double seconds, Decision expected) {
    RefreshSchedule schedule = RefreshSchedule.of(ISSUED, ISSUED + millis(3600), 0);

    assertThat(schedule.at(ISSUED + millis(seconds), millis(minimumValidity))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"2450, SERVE", "2449, SERVE", "2452, SERVE_AND_REFRESH"})
  void afterFailure_minimumValidity_waitsForTheDelay(double seconds, Decision expected) {
    RefreshSchedule schedule =
        RefreshSchedule.of(ISSUED, ISSUED + millis(3600), 0).afterFailure(ISSUED + millis(2450), 1);

    assertThat(schedule.at(ISSUED + millis(seconds), millis(600))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0, SERVE", "3589.999, SERVE", "3590, WAIT", "-10.001, WAIT"})
  void refreshing_everyBoundary_beginsNoOtherRefresh(double seconds, Decision expected) {
    RefreshSchedule schedule = RefreshSchedule.of(ISSUED, ISSUED + millis(3600), 0).refreshing();

    assertThat(schedule.at(ISSUED + millis(seconds), 0)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    // Earlier failures, jitter, delay: doubled from a second, at most a minute, half of it is
    // jitter.
    "3600, 0, 1, 1",
    "3600, 0, 0, 0.5",
    "3600, 1, 1, 2",
    "3600, 5, 1, 32",
    "3600, 6, 1, 60",
    "3600, 6, 0, 30",
    "3600, 1000, 1, 60",
    // At most a sixteenth of the token's lifetime.
    "60, 1, 1, 2",
    "60, 2, 1, 3.75",
    "60, 9, 1, 3.75",
  })
  void afterFailure_repeated_growsUpToTheMaximum(
      double lifetime, int before, double jitter, double delay) {
    RefreshSchedule schedule = RefreshSchedule.of(ISSUED, ISSUED + millis(lifetime), 0);
    long now = ISSUED + millis(lifetime * 0.86); // When the refresh is due.
    for (int i = 0; i < before; i++) {
      schedule = schedule.refreshing().afterFailure(now, jitter);
    }

    RefreshSchedule delayed = schedule.afterFailure(now, jitter);

    assertThat(delayed.at(now + millis(delay) - 1, 0)).isEqualTo(Decision.SERVE);
    assertThat(delayed.at(now + millis(delay), 0)).isEqualTo(Decision.SERVE_AND_REFRESH);
  }

  @ParameterizedTest
  @CsvSource({"3589.999, SERVE", "3590, WAIT", "-10.001, WAIT"})
  void afterFailure_delayBeyondTheExpiry_doesNotExtendIt(double seconds, Decision expected) {
    RefreshSchedule late =
        RefreshSchedule.of(ISSUED, ISSUED + millis(3600), 0)
            .afterFailure(ISSUED + millis(3589.9), 1);

    assertThat(late.at(ISSUED + millis(seconds), 0)).isEqualTo(expected);
  }

  private static long millis(double seconds) {
    return Math.round(seconds * 1000);
  }
}
