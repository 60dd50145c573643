package io.github.shortlived.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** An application that has not got the evaluator of conditions on its class path. */
class WithoutCelTest {
  private static final String EVALUATOR = "dev.cel.";

  @Test
  void policies_withoutConditions_askForNoEvaluator() throws Exception {
    Filtered loader = new Filtered(EVALUATOR);
    assertThat(outcome(loader, "unconditional")).isEqualTo("minted: 200");
    assertThat(loader.asked).isEmpty();
  }

  @Test
  void condition_withoutEvaluator_isRefusedWithWhatToAdd() throws Exception {
    Filtered loader = new Filtered(EVALUATOR);
    String refusal = outcome(loader, "conditional");
    assertThat(refusal).startsWith("FAILED_PRECONDITION: ").contains("add dev.cel:cel:");
    assertThat(loader.asked).isNotEmpty();
  }

  /** The same with the evaluator there: what the other test sees is its absence. */
  @Test
  void condition_withEvaluator_isAccepted() throws Exception {
    assertThat(outcome(new Filtered("nothing."), "conditional")).isEqualTo("minted: 200");
  }

  @Test
  void attributeMapping_withoutEvaluator_isRefusedWithWhatToAdd() throws Exception {
    assertThat(outcome(new Filtered(EVALUATOR), "ownMapping")).contains("add dev.cel:cel:");
    assertThat(outcome(new Filtered("nothing."), "ownMapping")).isEqualTo("started");
    Filtered loader = new Filtered(EVALUATOR);
    assertThat(outcome(loader, "usualMapping")).isEqualTo("started");
    assertThat(loader.asked).isEmpty();
  }

  @Test
  void versionToAdd_isTheOneOfTheBuild() throws Exception {
    String refusal = outcome(new Filtered(EVALUATOR), "conditional");
    String version = refusal.replaceFirst("(?s).*dev\\.cel:cel:([\\d.]+\\d).*", "$1");
    assertThat(Files.readString(Path.of("pom.xml")))
        .contains("<cel.version>" + version + "</cel.version>");
  }

  private static String outcome(ClassLoader loader, String kind) throws Exception {
    Supplier<?> scenario =
        (Supplier<?>)
            loader.loadClass(ConditionScenario.class.getName()).getMethod(kind).invoke(null);
    return String.valueOf(scenario.get());
  }

  /** Sees everything but one family of classes; the emulator's and the tests' are its own. */
  private static final class Filtered extends ClassLoader {
    private static final String OWN = "io.github.shortlived.testing.";

    private final String hidden;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    Filtered(String hidden) {
      super(WithoutCelTest.class.getClassLoader());
      this.hidden = hidden;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith(hidden)) {
        asked.add(name);
        throw new ClassNotFoundException(name);
      }
      return name.startsWith(OWN) ? own(name) : super.loadClass(name, resolve);
    }

    private Class<?> own(String name) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? define(name) : loaded;
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream stream = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = Objects.requireNonNull(stream, name).readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
