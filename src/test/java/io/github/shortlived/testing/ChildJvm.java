package io.github.shortlived.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a program in a JVM of its own printed. */
record ChildJvm(String output, String errors) {
  /** Runs a main class on the class path of the tests, and fails if it does not end by itself. */
  static ChildJvm run(Class<?> program, Path folder) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 24) { // It warns of what protobuf and Netty do.
      command.addAll(
          List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    ClientProcess process = ClientProcess.run(folder, Map.of(), command.toArray(String[]::new));
    assertThat(process.status()).as("The exit status: %s", process).isZero();
    return new ChildJvm(process.output(), process.errors());
  }
}
