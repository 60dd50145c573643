package io.github.shortlived.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * A token of each of 10,000 accounts from a service that takes 20 ms, against what the concurrency
 * allows: 16 at once are 800 a second, 64 are 3,200. {@link ManyTokens} asks for them in a JVM with
 * a small heap.
 */
final class ManyTargets implements SideBySide.Comparison {
  static final int TARGETS = 10_000;
  private static final List<Integer> AT_ONCE = List.of(16, 64);
  private static final Duration LATENCY = Duration.ofMillis(20);
  private static final String HEAP = "64m";

  @Override
  public void print() throws Exception {
    Path folder = Files.createTempDirectory("many-targets");
    System.out.printf(
        "%n%,d targets, latency %d ms, heap of %s%n%n", TARGETS, LATENCY.toMillis(), HEAP);
    System.out.println(
        "| who | transport | at once | tokens / s | of what is possible | live heap |");
    System.out.println("|---|---|---|---|---|---|");
    try (DelayingService service = new DelayingService(InstantSource.system())) {
      service.latency(LATENCY);
      ChildJvm jvm = new ChildJvm(folder);
      for (String transport : List.of("http", "grpc")) {
        for (int atOnce : AT_ONCE) {
          for (String who : List.of("library", "gapic")) {
            print(who, transport, atOnce, run(jvm, service, who, transport, atOnce));
          }
        }
      }
    } finally {
      Folders.delete(folder);
    }
  }

  private static String[] run(
      ChildJvm jvm, DelayingService service, String who, String transport, int atOnce)
      throws Exception {
    List<String> arguments =
        List.of(
            who,
            transport,
            service.endpoints().iamCredentials().toString(),
            service.endpoints().iamCredentialsGrpc().toString(),
            Integer.toString(atOnce));
    return jvm.run(List.of("-Xmx" + HEAP), ManyTokens.class, arguments).text().split(" ");
  }

  private static void print(String who, String transport, int atOnce, String[] result) {
    double tokens = Double.parseDouble(result[0]);
    System.out.printf(
        "| %s | %s | %d | %,.0f | %.0f %% | %s MB |%n",
        who,
        transport,
        atOnce,
        tokens,
        100 * tokens / (atOnce / (LATENCY.toMillis() / 1e3)),
        result[1]);
  }
}
