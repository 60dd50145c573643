package io.github.shortlived.benchmarks;

import io.github.shortlived.benchmarks.ChildJvm.Line;
import io.github.shortlived.testing.IamEmulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures the time from the start of a new JVM to its first token, which {@link FirstToken}
 * requests from an emulator in this JVM. Prints medians of interleaved runs, without and with an
 * archive of the application's classes.
 */
final class FirstTokens implements SideBySide.Comparison {
  private static final int RUNS = Integer.getInteger("bench.runs", 15);
  private static final String YARDSTICK = "impersonated";
  private static final List<String> VARIANTS =
      List.of(YARDSTICK, "ours-http", "ours-grpc", "gapic-http", "gapic-grpc");

  @Override
  public void print() throws Exception {
    Path folder = Files.createTempDirectory("first-tokens");
    try (IamEmulator emulator = DemoCalls.start()) {
      Runs runs = new Runs(emulator, folder);
      Map<String, Samples> plain = new LinkedHashMap<>();
      Map<String, Samples> archived = new LinkedHashMap<>();
      for (String variant : VARIANTS) {
        runs.archive(variant);
      }
      for (int i = 0; i < RUNS; i++) {
        for (String variant : VARIANTS) {
          plain.computeIfAbsent(variant, any -> new Samples()).add(runs.plain(variant));
          archived.computeIfAbsent(variant, any -> new Samples()).add(runs.archived(variant));
        }
      }
      print("Fresh JVM to first token", plain);
      print("The same with AppCDS", archived);
    } finally {
      Folders.delete(folder);
    }
  }

  private static void print(String title, Map<String, Samples> table) {
    System.out.printf("%n%s, medians of %d%n%n", title, RUNS);
    System.out.println("| variant | since the JVM's start | ratio | since main | ratio |");
    System.out.println("|---|---|---|---|---|");
    Samples yardstick = table.get(YARDSTICK);
    table.forEach(
        (variant, samples) ->
            System.out.printf(
                "| %s | %.0f ms | %.2f | %.0f ms | %.2f |%n",
                variant,
                median(samples.sinceStart),
                median(samples.sinceStart) / median(yardstick.sinceStart),
                median(samples.sinceMain),
                median(samples.sinceMain) / median(yardstick.sinceMain)));
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  /** The times of one variant, in milliseconds. */
  private static final class Samples {
    final List<Double> sinceStart = new ArrayList<>();
    final List<Double> sinceMain = new ArrayList<>();

    void add(Line line) {
      sinceStart.add(line.afterMillis());
      sinceMain.add(Long.parseLong(line.text()) / 1e3);
    }
  }

  /** Starts the new JVMs. */
  private static final class Runs {
    private final ChildJvm jvm;
    private final Path folder;
    private final List<String> place;

    Runs(IamEmulator emulator, Path folder) throws Exception {
      this.jvm = new ChildJvm(folder);
      this.folder = folder;
      this.place =
          List.of(
              emulator.clients().writeKeyFile(DemoCalls.CALLER, folder).toString(),
              emulator.httpEndpoint().toString(),
              emulator.grpcEndpoint().toString());
    }

    Line plain(String variant) throws Exception {
      return run(variant, List.of());
    }

    /** Archives the variant's classes in a run that is not measured. */
    void archive(String variant) throws Exception {
      run(variant, List.of("-XX:ArchiveClassesAtExit=" + archiveOf(variant), "-Xlog:disable"));
    }

    Line archived(String variant) throws Exception {
      return run(variant, List.of("-XX:SharedArchiveFile=" + archiveOf(variant)));
    }

    private Path archiveOf(String variant) {
      return folder.resolve(variant + ".jsa");
    }

    private Line run(String variant, List<String> options) throws Exception {
      List<String> arguments = new ArrayList<>(List.of(variant));
      arguments.addAll(place);
      return jvm.run(options, FirstToken.class, arguments);
    }
  }
}
