package io.github.shortlived.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.testing.HidingClassLoader;
import org.junit.jupiter.api.Test;

/** An application without Micrometer on its class path. */
class WithoutMicrometerTest {
  private static final String MICROMETER = "io.micrometer.";
  private static final String OWN = "io.github.shortlived.";

  @Test
  void listener_withoutMicrometer_receivesEventsAndLoadsNoMicrometer() throws Exception {
    HidingClassLoader loader = new HidingClassLoader(MICROMETER, OWN);
    assertThat(ListeningScenario.outcome(loader, "withOwnListener")).isEqualTo("Granted Issued");
    assertThat(loader.requested()).isEmpty();
  }

  @Test
  void metrics_withoutMicrometer_failAtOnce() {
    HidingClassLoader loader = new HidingClassLoader(MICROMETER, OWN);
    assertThatThrownBy(() -> ListeningScenario.outcome(loader, "withMeters"))
        .isInstanceOf(NoClassDefFoundError.class);
    assertThat(loader.requested()).isNotEmpty();
  }

  /** Shows that the failures of the other tests come from the missing Micrometer. */
  @Test
  void metrics_withMicrometer_recordEvents() throws Exception {
    HidingClassLoader loader = new HidingClassLoader("nothing.", OWN);
    assertThat(ListeningScenario.outcome(loader, "withMeters")).isEqualTo("2 meters");
  }
}
