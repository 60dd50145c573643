package io.github.shortlived.benchmarks;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.benchmarks.ChildJvm.Line;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
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
 * archive of the application's classes: AppCDS, or the AOT cache of JDK 25.
 */
final class FirstTokens implements SideBySide.Comparison {
  private static final int RUNS = Integer.getInteger("bench.runs", 15);

  /** In each list, the first variant is the one to compare with. */
  private static final List<String> ACCESS_TOKENS =
      List.of("impersonated", "ours-http", "ours-grpc", "gapic-http", "gapic-grpc");

  private static final List<String> ID_TOKENS = List.of("impersonated-id", "ours-id");

  private static final List<String> VERIFICATIONS = List.of("verify-google-auth", "verify-ours");

  @Override
  public void print() throws Exception {
    Path folder = Files.createTempDirectory("first-tokens");
    try (IamEmulator emulator = DemoCalls.start()) {
      Runs runs = new Runs(emulator, folder);
      print("access token", ACCESS_TOKENS, runs);
      print("ID token", ID_TOKENS, runs);
      print("verification", VERIFICATIONS, runs);
    } finally {
      Folders.delete(folder);
    }
  }

  private static void print(String credential, List<String> variants, Runs runs) throws Exception {
    Map<String, Samples> plain = new LinkedHashMap<>();
    Map<String, Samples> archived = new LinkedHashMap<>();
    for (String variant : variants) {
      runs.archive(variant);
    }
    for (int i = 0; i < RUNS; i++) {
      for (String variant : variants) {
        plain.computeIfAbsent(variant, any -> new Samples()).add(runs.plain(variant));
        archived.computeIfAbsent(variant, any -> new Samples()).add(runs.archived(variant));
      }
    }
    print("Fresh JVM to first " + credential, plain);
    print("The same with " + Archive.OF_THIS_JVM.title, archived);
  }

  private static void print(String title, Map<String, Samples> table) {
    System.out.printf("%n%s, medians of %d%n%n", title, RUNS);
    System.out.println("| variant | since the JVM's start | ratio | since main | ratio |");
    System.out.println("|---|---|---|---|---|");
    Samples yardstick = table.values().iterator().next();
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

  /** How a JVM stores the loaded classes of a run for later runs. */
  private enum Archive {
    /** Since JDK 13. */
    APP_CDS("AppCDS", "-XX:ArchiveClassesAtExit=", "-XX:SharedArchiveFile="),

    /** Since JDK 25, with profiles and linked classes (JEP 483, 514 and 515). */
    AOT_CACHE("an AOT cache", "-XX:AOTCacheOutput=", "-XX:AOTCache=");

    static final Archive OF_THIS_JVM = Runtime.version().feature() < 25 ? APP_CDS : AOT_CACHE;

    final String title;
    final String write;
    final String read;

    Archive(String title, String write, String read) {
      this.title = title;
      this.write = write;
      this.read = read;
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
      Files.writeString(folder.resolve(FirstToken.ID_TOKEN), idToken(emulator));
    }

    private static String idToken(IamEmulator emulator) {
      ServiceAccount caller = ServiceAccount.of(DemoCalls.CALLER);
      try (ShortLivedCredentials credentials = emulator.credentialsFor(caller)) {
        return credentials.idToken(Target.self(), FirstToken.AUDIENCE).token();
      }
    }

    Line plain(String variant) throws Exception {
      return run(variant, List.of());
    }

    /** Archives the variant's classes in a run that is not measured. */
    void archive(String variant) throws Exception {
      run(variant, List.of(Archive.OF_THIS_JVM.write + archiveOf(variant), "-Xlog:disable"));
    }

    Line archived(String variant) throws Exception {
      return run(variant, List.of(Archive.OF_THIS_JVM.read + archiveOf(variant)));
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
