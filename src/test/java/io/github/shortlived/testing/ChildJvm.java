package io.github.shortlived.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

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
    Path output = folder.resolve("output");
    Path errors = folder.resolve("errors");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 24) { // It warns of what protobuf and Netty do.
      command.addAll(
          List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"));
    }
    properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      boolean ended = process.waitFor(3, TimeUnit.MINUTES);
      ChildJvm run = new ChildJvm(Files.readString(output, UTF_8), Files.readString(errors, UTF_8));
      assertThat(ended).as("The program ends by itself: %s", run).isTrue();
      assertThat(process.exitValue()).as("The exit status: %s", run).isZero();
      return run;
    } finally {
      process.destroyForcibly();
    }
  }
}
