package io.github.shortlived.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests tokens of 10,000 accounts from a service that takes 20 ms, and compares the rate with
 * the maximum of the concurrency: 16 requests in flight allow 800 tokens per second, 64 allow
 * 3,200. {@link ManyTokens} makes the requests in a JVM with a small heap.
 */
final class ManyTargets implements SideBySide.Comparison {
  static final int TARGETS = 10_000;
  private static final List<Integer> CONCURRENCIES = List.of(16, 64);
  private static final Duration LATENCY = Duration.ofMillis(20);
  private static final String HEAP = "64m";

  @Override
  public void print() throws Exception {
    Path folder = Files.createTempDirectory("many-targets");
    System.out.printf(
        "%n%,d targets, latency %d ms, heap of %s%n%n", TARGETS, LATENCY.toMillis(), HEAP);
    System.out.println(
        "| client | transport | concurrency | tokens / s | of the maximum | live heap |");
    System.out.println("|---|---|---|---|---|---|");
    Certificate certificate = Certificate.create(folder);
    InstantSource clock = InstantSource.system();
    try (DelayingService plaintext = new DelayingService(clock).latency(LATENCY);
        DelayingService tls =
            DelayingService.tls(clock, certificate.serverContext()).latency(LATENCY)) {
      Runs runs = new Runs(new ChildJvm(folder), certificate);
      List<String> overHttp = List.of("library", "impersonated", "gapic");
      for (int concurrency : CONCURRENCIES) {
        runs.print(overHttp, "http", plaintext, concurrency);
        runs.print(overHttp, "http", tls, concurrency);
        runs.print(List.of("library", "gapic"), "grpc", plaintext, concurrency);
      }
    } finally {
      Folders.delete(folder);
    }
  }

  /** Starts the JVMs. */
  private record Runs(ChildJvm jvm, Certificate certificate) {
    void print(List<String> clients, String transport, DelayingService service, int concurrency)
        throws Exception {
      for (String client : clients) {
        String[] result = run(client, transport, service, concurrency);
        String scheme = service.endpoints().iamCredentials().getScheme();
        ManyTargets.print(
            client, transport.equals("grpc") ? transport : scheme, concurrency, result);
      }
    }

    private String[] run(String client, String transport, DelayingService service, int concurrency)
        throws Exception {
      List<String> arguments =
          List.of(
              client,
              transport,
              service.endpoints().iamCredentials().toString(),
              service.endpoints().iamCredentialsGrpc().toString(),
              Integer.toString(concurrency));
      List<String> options = new ArrayList<>(certificate.clientOptions());
      options.add("-Xmx" + HEAP);
      return jvm.run(options, ManyTokens.class, arguments).text().split(" ");
    }
  }

  private static void print(String client, String transport, int concurrency, String[] result) {
    double tokens = Double.parseDouble(result[0]);
    System.out.printf(
        "| %s | %s | %d | %,.0f | %.0f %% | %s MB |%n",
        client,
        transport,
        concurrency,
        tokens,
        100 * tokens / (concurrency / (LATENCY.toMillis() / 1e3)),
        result[1]);
  }
}
