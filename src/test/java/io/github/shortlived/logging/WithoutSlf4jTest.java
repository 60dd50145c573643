package io.github.shortlived.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.metrics.ListeningScenario;
import io.github.shortlived.testing.HidingClassLoader;
import org.junit.jupiter.api.Test;

/** An application without SLF4J on its class path. */
class WithoutSlf4jTest {
  private static final String SLF4J = "org.slf4j.";
  private static final String OWN = "io.github.shortlived.";

  @Test
  void listener_withoutSlf4j_receivesEventsAndLoadsNoSlf4j() throws Exception {
    HidingClassLoader loader = new HidingClassLoader(SLF4J, OWN);
    assertThat(ListeningScenario.outcome(loader, "withOwnListener")).isEqualTo("Granted Issued");
    assertThat(loader.requested()).isEmpty();
  }

  @Test
  void log_withoutSlf4j_failsAtOnceAndNamesTheLibrary() {
    HidingClassLoader loader = new HidingClassLoader(SLF4J, OWN);
    assertThatThrownBy(() -> ListeningScenario.outcome(loader, "withLog"))
        .hasMessageContaining("The class path does not match this library")
        .hasMessageContaining("org/slf4j");
    assertThat(loader.requested()).isNotEmpty();
  }

  /** Shows that the failure of the other test comes from the missing SLF4J. */
  @Test
  void log_withSlf4j_isUsable() throws Exception {
    HidingClassLoader loader = new HidingClassLoader("nothing.", OWN);
    assertThat(ListeningScenario.outcome(loader, "withLog")).startsWith("CredentialLog[");
  }
}
