package io.github.shortlived.benchmarks;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.sun.management.OperatingSystemMXBean;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.internal.http.DefaultTransport;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.ServiceAccount;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Measures the CPU time of this process and the calls per second, for tokens without a cache over
 * HTTP, with 1 and with 64 threads. The service is another process. The rounds of the clients
 * alternate, and the median counts. Calls that fail do not count.
 */
final class CallCost implements SideBySide.Comparison {
  private static final List<Integer> THREADS = List.of(64, 1);
  private static final int WARM_UPS = 4;
  private static final int ROUNDS = Integer.getInteger("bench.runs", 9);
  private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);

  /** Before each round, because connections that were idle for 5 s are closed. */
  private static final long RECONNECT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  @Override
  public void print() throws Exception {
    try (ServiceProcess tls = ServiceProcess.start(true);
        ServiceProcess plaintext = ServiceProcess.start(false)) {
      for (int threads : THREADS) {
        print("TLS", threads, tls.endpoints());
        print("plaintext", threads, plaintext.endpoints());
      }
    }
  }

  private void print(String connection, int threads, Endpoints endpoints) throws Exception {
    System.out.printf("%nHTTP over %s, %d threads, medians of %d%n%n", connection, threads, ROUNDS);
    System.out.println("| client | CPU time of a call | ratio | calls / s | ratio |");
    System.out.println("|---|---|---|---|---|");
    ExecutorService callers = Executors.newFixedThreadPool(threads);
    try (ShortLivedCredentials library = DemoCalls.credentials("http", endpoints);
        GapicClient gapic = GapicClient.over("http", DemoCalls.source(), endpoints)) {
      Map<String, List<Round>> rounds = new LinkedHashMap<>();
      Map<String, List<Callable<?>>> clients = clients(threads, endpoints, library, gapic);
      for (int i = 0; i < WARM_UPS + ROUNDS; i++) {
        for (Map.Entry<String, List<Callable<?>>> client : clients.entrySet()) {
          round(callers, client.getValue(), RECONNECT_NANOS);
          Round round = round(callers, client.getValue(), ROUND_NANOS);
          if (i >= WARM_UPS) {
            rounds.computeIfAbsent(client.getKey(), any -> new ArrayList<>()).add(round);
          }
        }
      }
      print(rounds);
    } finally {
      callers.shutdown();
    }
  }

  /** Returns the calls of each client, one for each thread. */
  private static Map<String, List<Callable<?>>> clients(
      int threads, Endpoints endpoints, ShortLivedCredentials library, GapicClient gapic) {
    GoogleCredentials source = DemoCalls.source();
    ImpersonatedCredentials byDefault = DemoCalls.impersonated(source, DemoCalls.TARGET, endpoints);
    var transport = DefaultTransport.factory().create();
    ImpersonatedCredentials sameTransport =
        byDefault.toBuilder().setHttpTransportFactory(() -> transport).build();
    Map<String, List<Callable<?>>> clients = new LinkedHashMap<>();
    clients.put("ImpersonatedCredentials", same(threads, byDefault::refreshAccessToken));
    clients.put(
        "the same, the library's transport", same(threads, sameTransport::refreshAccessToken));
    clients.put(
        "the same, built for each call",
        same(threads, () -> sameTransport.toBuilder().build().refreshAccessToken()));
    clients.put(
        "library",
        IntStream.range(0, threads).<Callable<?>>mapToObj(i -> library(library, i)).toList());
    clients.put("generated client", same(threads, () -> gapic.generateAccessToken(DemoCalls.NAME)));
    return clients;
  }

  private static List<Callable<?>> same(int threads, Callable<?> call) {
    return IntStream.range(0, threads).<Callable<?>>mapToObj(i -> call).toList();
  }

  /** Each thread requests the token of another account, so that they share no cache entry. */
  private static Callable<?> library(ShortLivedCredentials library, int thread) {
    String email = "target-%d@demo-project.iam.gserviceaccount.com".formatted(thread);
    AccessTokenRequest request =
        AccessTokenRequest.of(ServiceAccount.of(email), DemoCalls.SCOPE).fresh();
    return () -> library.issue(request);
  }

  private Round round(ExecutorService callers, List<Callable<?>> calls, long nanos)
      throws Exception {
    long cpu = system.getProcessCpuTime();
    long start = System.nanoTime();
    List<Callable<Long>> loops = new ArrayList<>();
    for (Callable<?> call : calls) {
      loops.add(
          () -> {
            long made = 0;
            while (System.nanoTime() - start < nanos) {
              made += succeeds(call) ? 1 : 0;
            }
            return made;
          });
    }
    long made = 0;
    for (Future<Long> loop : callers.invokeAll(loops)) {
      made += loop.get();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Round((system.getProcessCpuTime() - cpu) / 1e3 / made, made / seconds);
  }

  /** With 64 threads, the JDK's server resets some new TLS connections. */
  private static boolean succeeds(Callable<?> call) {
    try {
      call.call();
      return true;
    } catch (Exception e) {
      return false;
    }
  }

  private static void print(Map<String, List<Round>> rounds) {
    Round yardstick = Round.median(rounds.values().iterator().next());
    rounds.forEach(
        (client, all) -> {
          Round median = Round.median(all);
          System.out.printf(
              "| %s | %.0f µs | %.2f | %,.0f | %.2f |%n",
              client,
              median.cpuMicros,
              median.cpuMicros / yardstick.cpuMicros,
              median.perSecond,
              median.perSecond / yardstick.perSecond);
        });
  }

  /** One measurement of one client. */
  private record Round(double cpuMicros, double perSecond) {
    static Round median(List<Round> rounds) {
      int middle = rounds.size() / 2;
      return new Round(
          rounds.stream().map(Round::cpuMicros).sorted().toList().get(middle),
          rounds.stream().map(Round::perSecond).sorted().toList().get(middle));
    }
  }
}
