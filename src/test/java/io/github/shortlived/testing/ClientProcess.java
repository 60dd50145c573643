package io.github.shortlived.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/** The exit status and the output of a program that is not part of the build. */
public record ClientProcess(int status, String output, String errors) {
  /** Variables of the developer's own clients. */
  private static final Pattern SETTINGS =
      Pattern.compile("GOOGLE_.*|CLOUDSDK_(?!PYTHON).*|SHORTLIVED_.*");

  /** Runs a program with these variables, but without the developer's own, and awaits its end. */
  public static ClientProcess run(Path folder, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "output", "");
    Path errors = Files.createTempFile(folder, "errors", "");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    builder.environment().keySet().removeIf(name -> SETTINGS.matcher(name).matches());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      if (!process.waitFor(5, TimeUnit.MINUTES)) {
        throw new AssertionError(List.of(command) + " does not end:\n" + Files.readString(errors));
      }
      return new ClientProcess(
          process.exitValue(), Files.readString(output, UTF_8), Files.readString(errors, UTF_8));
    } finally {
      process.destroyForcibly();
    }
  }

  /** Returns the output, without the line break at its end. */
  public String requireSuccess() {
    if (status != 0) {
      throw new AssertionError("Exit status " + status + ":\n" + errors);
    }
    return output.strip();
  }

  /** Skips the test if a program is not on the path. */
  public static void assumeInstalled(String program) {
    List<String> path = Splitter.on(File.pathSeparator).splitToList(System.getenv("PATH"));
    boolean installed =
        path.stream().anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    if (!installed) {
      throw skipped(program + " is not on the PATH.");
    }
  }

  /** Skips the test, and says so: a report of skipped tests does not show the reason. */
  public static AssertionError skipped(String reason) {
    System.err.println("[WARNING] Skipped a real client: " + reason);
    return Assumptions.abort(reason);
  }
}
