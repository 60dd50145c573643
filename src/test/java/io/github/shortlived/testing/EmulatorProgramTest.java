package io.github.shortlived.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that use an emulator, each in a JVM of its own, without a logging configuration. */
class EmulatorProgramTest {
  private final Path folder;

  EmulatorProgramTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void program_withAnUnclosedEmulator_hasNoThreadThatKeepsItAndEnds() throws Exception {
    assertThat(ChildJvm.run(UnclosedEmulator.class, folder)).isEqualTo(new ChildJvm("main\n", ""));
  }

  @Test
  void program_withRoughClients_findsNothingInItsLog() throws Exception {
    ChildJvm run = ChildJvm.run(RoughClients.class, folder);
    assertThat(run.errors()).as(run.output()).isEmpty();
    assertThat(run.output().lines())
        .contains(
            "too large: [RESOURCE_EXHAUSTED, RESOURCE_EXHAUSTED]",
            "too large, compressed: [RESOURCE_EXHAUSTED, RESOURCE_EXHAUSTED]",
            "corrupt: [UNKNOWN, UNKNOWN]", // gRPC itself refuses it.
            "corrupt: [INTERNAL, INTERNAL]");
  }
}
