package io.github.shortlived.benchmarks;

import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.BulkIssuer;
import io.github.shortlived.BulkIssuer.Outcome;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.ServiceAccount;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The main class that {@link ManyTargets} starts. Warms up, requests the tokens of all targets, and
 * prints the tokens per second and the live heap in megabytes.
 */
final class ManyTokens {
  private static final int WARM_UPS = 3;
  private static final String NAME = "projects/-/serviceAccounts/";
  private static final String TARGET = "target-%d@demo-project.iam.gserviceaccount.com";

  private ManyTokens() {}

  /**
   * Takes the client, the transport, the service's HTTP and gRPC endpoints, and the concurrency.
   */
  public static void main(String[] arguments) throws Exception {
    URI http = URI.create(arguments[2]);
    URI grpc = URI.create(arguments[3]);
    int concurrency = Integer.parseInt(arguments[4]);
    Endpoints endpoints = Endpoints.of(http, grpc);
    Callable<Long> run =
        switch (arguments[0]) {
          case "library" -> library(DemoCalls.credentials(arguments[1], endpoints), concurrency);
          case "impersonated" -> impersonated(endpoints, concurrency);
          default ->
              gapic(GapicClient.over(arguments[1], DemoCalls.source(), endpoints), concurrency);
        };
    for (int i = 0; i < WARM_UPS; i++) {
      perSecond(run);
    }
    double tokens = perSecond(run);
    System.out.printf("%.0f %d%n", tokens, LiveHeap.bytes() >> 20);
    System.exit(0);
  }

  /** Uses a bulk issuer without a limit for the requests per minute. */
  private static Callable<Long> library(ShortLivedCredentials credentials, int concurrency) {
    BulkIssuer issuer =
        credentials.bulkIssuer().concurrency(concurrency).requestsPerMinute(Integer.MAX_VALUE);
    List<AccessTokenRequest> requests =
        targets()
            .map(email -> AccessTokenRequest.of(ServiceAccount.of(email), DemoCalls.SCOPE).fresh())
            .toList();
    return () -> {
      try (Stream<Outcome<AccessToken>> outcomes = issuer.stream(requests)) {
        return outcomes.filter(outcome -> outcome.credential().isPresent()).count();
      }
    };
  }

  private static Callable<Long> gapic(GapicClient client, int concurrency) {
    return eachTarget(email -> () -> client.generateAccessToken(NAME + email), concurrency);
  }

  /** Keeps the credentials of all targets, and refreshes them over google-auth's transport. */
  private static Callable<Long> impersonated(Endpoints endpoints, int concurrency) {
    GoogleCredentials source = DemoCalls.source();
    return eachTarget(
        email -> DemoCalls.impersonated(source, email, endpoints)::refreshAccessToken, concurrency);
  }

  /** Uses one thread for each call in flight. */
  private static Callable<Long> eachTarget(
      Function<String, Callable<Object>> call, int concurrency) {
    List<Callable<Object>> calls = targets().map(call).toList();
    return () -> {
      ExecutorService threads = Executors.newFixedThreadPool(concurrency);
      try {
        long issued = 0;
        for (Future<Object> token : threads.invokeAll(calls)) {
          token.get();
          issued++;
        }
        return issued;
      } finally {
        threads.shutdown();
      }
    };
  }

  private static Stream<String> targets() {
    return IntStream.range(0, ManyTargets.TARGETS).mapToObj(TARGET::formatted);
  }

  private static double perSecond(Callable<Long> run) throws Exception {
    long start = System.nanoTime();
    long issued = run.call();
    if (issued != ManyTargets.TARGETS) {
      throw new IllegalStateException(issued + " tokens");
    }
    return issued / ((System.nanoTime() - start) / 1e9);
  }
}
