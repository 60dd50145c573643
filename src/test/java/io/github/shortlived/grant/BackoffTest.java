package io.github.shortlived.grant;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.grant.ProbeLoop.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void next_withoutJitter_growsByHalfFromOneToFifteenSeconds() {
    assertThat(first(9, new Backoff(() -> 0)))
        .extracting(Duration::toMillis)
        .containsExactly(1000L, 1500L, 2250L, 3375L, 5062L, 7593L, 11390L, 15000L, 15000L);
  }

  @Test
  void next_mostJitter_isHalfOfThat() {
    assertThat(first(3, new Backoff(() -> 1)))
        .extracting(Duration::toMillis)
        .containsExactly(500L, 750L, 1125L);
  }

  @Test
  void next_ofTwo_differs() {
    assertThat(first(9, new Backoff())).isNotEqualTo(first(9, new Backoff()));
  }

  private static List<Duration> first(int count, Backoff backoff) {
    return Stream.generate(backoff::next).limit(count).toList();
  }
}
