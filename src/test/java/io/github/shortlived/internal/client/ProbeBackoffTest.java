package io.github.shortlived.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProbeBackoffTest {
  @Test
  void next_withoutJitter_growsByHalfFromOneToFifteenSeconds() {
    assertThat(first(9, new ProbeBackoff(() -> 0)))
        .extracting(Duration::toMillis)
        .containsExactly(1000L, 1500L, 2250L, 3375L, 5062L, 7593L, 11390L, 15000L, 15000L);
  }

  @Test
  void next_mostJitter_isHalfOfThat() {
    assertThat(first(3, new ProbeBackoff(() -> 1)))
        .extracting(Duration::toMillis)
        .containsExactly(500L, 750L, 1125L);
  }

  @Test
  void next_ofTwo_differs() {
    assertThat(first(9, new ProbeBackoff())).isNotEqualTo(first(9, new ProbeBackoff()));
  }

  private static List<Duration> first(int count, ProbeBackoff backoff) {
    return Stream.generate(backoff::next).limit(count).toList();
  }
}
