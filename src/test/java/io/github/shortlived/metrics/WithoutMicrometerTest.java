package io.github.shortlived.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.testing.HidingClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** An application without Micrometer on its class path. */
class WithoutMicrometerTest {
  private static final String MICROMETER = "io.micrometer.";
  private static final String OWN = "io.github.shortlived.";

  @Test
  void listener_withoutMicrometer_receivesEventsAndLoadsNoMicrometer() throws Exception {
    HidingClassLoader loader = new HidingClassLoader(MICROMETER, OWN);
    assertThat(outcome(loader, "withOwnListener")).isEqualTo("Granted Issued");
    assertThat(loader.requested()).isEmpty();
  }

  @Test
  void metrics_withoutMicrometer_failAtOnce() {
    HidingClassLoader loader = new HidingClassLoader(MICROMETER, OWN);
    assertThatThrownBy(() -> outcome(loader, "withMeters"))
        .isInstanceOf(NoClassDefFoundError.class);
    assertThat(loader.requested()).isNotEmpty();
  }

  /** Shows that the failures of the other tests come from the missing Micrometer. */
  @Test
  void metrics_withMicrometer_recordEvents() throws Exception {
    HidingClassLoader loader = new HidingClassLoader("nothing.", OWN);
    assertThat(outcome(loader, "withMeters")).isEqualTo("2 meters");
  }

  @Test
  void pom_micrometer_reachesNoConsumer() throws Exception {
    String dependency =
        Pattern.compile(
                "<dependency>(?:(?!</dependency>).)*micrometer-core.*?</dependency>",
                Pattern.DOTALL)
            .matcher(Files.readString(Path.of("pom.xml")))
            .results()
            .map(match -> match.group())
            .reduce("", String::concat);
    assertThat(dependency).containsOnlyOnce("<optional>true</optional>");
  }

  private static String outcome(ClassLoader loader, String kind) throws Exception {
    Supplier<?> scenario =
        (Supplier<?>)
            loader.loadClass(ListeningScenario.class.getName()).getMethod(kind).invoke(null);
    return String.valueOf(scenario.get());
  }
}
