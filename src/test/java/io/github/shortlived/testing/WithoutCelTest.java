package io.github.shortlived.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** An application without the evaluator of conditions on its class path. */
class WithoutCelTest {
  private static final String EVALUATOR = "dev.cel.";
  private static final String OWN = "io.github.shortlived.testing.";

  @Test
  void policies_withoutConditions_doNotLoadTheEvaluator() throws Exception {
    HidingClassLoader loader = hiding(EVALUATOR);
    assertThat(outcome(loader, "unconditional")).isEqualTo("issued: 200");
    assertThat(loader.requested()).isEmpty();
  }

  @Test
  void condition_withoutEvaluator_isRefusedWithTheDependency() throws Exception {
    HidingClassLoader loader = hiding(EVALUATOR);
    String refusal = outcome(loader, "conditional");
    assertThat(refusal).startsWith("FAILED_PRECONDITION: ").contains("add dev.cel:cel:");
    assertThat(loader.requested()).isNotEmpty();
  }

  /** Proves that the other tests fail because the evaluator is missing. */
  @Test
  void condition_withEvaluator_isAccepted() throws Exception {
    assertThat(outcome(hiding("nothing."), "conditional")).isEqualTo("issued: 200");
  }

  @Test
  void attributeMapping_withoutEvaluator_isRefusedWithTheDependency() throws Exception {
    assertThat(outcome(hiding(EVALUATOR), "customMapping")).contains("add dev.cel:cel:");
    assertThat(outcome(hiding("nothing."), "customMapping")).isEqualTo("started");
    HidingClassLoader loader = hiding(EVALUATOR);
    assertThat(outcome(loader, "defaultMapping")).isEqualTo("started");
    assertThat(loader.requested()).isEmpty();
  }

  @Test
  void version_inTheMessage_isThatOfTheBuild() throws Exception {
    String refusal = outcome(hiding(EVALUATOR), "conditional");
    String version = refusal.replaceFirst("(?s).*dev\\.cel:cel:([\\d.]+\\d).*", "$1");
    assertThat(Files.readString(Path.of("pom.xml")))
        .contains("<cel.version>" + version + "</cel.version>");
  }

  private static HidingClassLoader hiding(String family) {
    return new HidingClassLoader(family, OWN);
  }

  private static String outcome(ClassLoader loader, String kind) throws Exception {
    Supplier<?> scenario =
        (Supplier<?>)
            loader.loadClass(ConditionScenario.class.getName()).getMethod(kind).invoke(null);
    return String.valueOf(scenario.get());
  }
}
