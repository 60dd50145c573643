package io.github.shortlived.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a program in a JVM of its own printed. */
public record ChildJvm(String output, String errors) {
  /** Runs a main class on the class path of the tests, and fails if it does not end by itself. */
  static ChildJvm run(Class<?> program, Path folder) throws IOException, InterruptedException {
    return run(program, folder, Map.of(), Map.of());
  }

  /** Runs a main class, as {@link #run(Class, Path)}, with system properties and variables. */
  public static ChildJvm run(
      Class<?> program,
      Path folder,
      Map<String, String> properties,
      Map<String, String> environment)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 24) { // It warns of what protobuf and Netty do.
      command.addAll(
          List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"));
    }
    properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    ClientProcess process = ClientProcess.run(folder, environment, command.toArray(String[]::new));
    assertThat(process.status()).as("The exit status: %s", process).isZero();
    return new ChildJvm(process.output(), process.errors());
  }
}
