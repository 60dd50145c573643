package io.github.shortlived.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.metrics.ListeningScenario;
import io.github.shortlived.testing.HidingClassLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** An application without SLF4J on its class path. */
class WithoutSlf4jTest {
  private static final String SLF4J = "org.slf4j.";
  private static final String OWN = "io.github.shortlived.";

  @Test
  void listener_withoutSlf4j_receivesEventsAndLoadsNoSlf4j() throws Exception {
    HidingClassLoader loader = new HidingClassLoader(SLF4J, OWN);
    assertThat(outcome(loader, "withOwnListener")).isEqualTo("Granted Issued");
    assertThat(loader.requested()).isEmpty();
  }

  @Test
  void log_withoutSlf4j_failsAtOnceAndNamesTheLibrary() {
    HidingClassLoader loader = new HidingClassLoader(SLF4J, OWN);
    assertThatThrownBy(() -> outcome(loader, "withLog"))
        .hasMessageContaining("The class path does not match this library")
        .hasMessageContaining("org/slf4j");
    assertThat(loader.requested()).isNotEmpty();
  }

  /** Shows that the failure of the other test comes from the missing SLF4J. */
  @Test
  void log_withSlf4j_isUsable() throws Exception {
    HidingClassLoader loader = new HidingClassLoader("nothing.", OWN);
    assertThat(outcome(loader, "withLog")).startsWith("CredentialLog[");
  }

  @Test
  void pom_slf4j_reachesNoConsumer() throws IOException {
    String dependency =
        Pattern.compile(
                "<dependency>(?:(?!</dependency>).)*slf4j-api.*?</dependency>", Pattern.DOTALL)
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
