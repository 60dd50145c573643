package io.github.shortlived.benchmarks;

import io.github.shortlived.AccessTokenRequest;
import io.github.shortlived.Endpoints;
import io.github.shortlived.ServiceAccount;
import io.github.shortlived.ShortLivedCredentials;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What {@link ManyTargets} runs: warms up, asks for all targets' tokens, and prints tokens a second
 * and the live heap in megabytes.
 */
final class ManyTokens {
  private static final int WARM_UPS = 3;

  private ManyTokens() {}

  /** Arguments: who asks, the transport, and where the service's HTTP and gRPC are. */
  public static void main(String[] arguments) throws Exception {
    URI http = URI.create(arguments[2]);
    URI grpc = URI.create(arguments[3]);
    Endpoints endpoints = new Endpoints(http, grpc, grpc, http, http);
    Mint mint =
        arguments[0].equals("library")
            ? library(DemoCalls.credentials(arguments[1], endpoints))
            : GapicClient.over(arguments[1], DemoCalls.source(), endpoints)::mint;
    for (int i = 0; i < WARM_UPS; i++) {
      perSecond(mint);
    }
    double tokens = perSecond(mint);
    System.out.printf("%.0f %d%n", tokens, LiveHeap.bytes() >> 20);
    System.exit(0);
  }

  private static Mint library(ShortLivedCredentials credentials) {
    return name ->
        DemoCalls.mint(
            credentials, AccessTokenRequest.of(ServiceAccount.of(email(name)), DemoCalls.SCOPE));
  }

  private static String email(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  private static double perSecond(Mint mint) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(ManyTargets.AT_ONCE);
    try {
      List<Future<Object>> tokens = new ArrayList<>();
      long start = System.nanoTime();
      for (int i = 0; i < ManyTargets.TARGETS; i++) {
        String name =
            "projects/-/serviceAccounts/target-%d@demo-project.iam.gserviceaccount.com"
                .formatted(i);
        tokens.add(threads.submit(() -> mint.token(name)));
      }
      for (Future<Object> token : tokens) {
        token.get();
      }
      return ManyTargets.TARGETS / ((System.nanoTime() - start) / 1e9);
    } finally {
      threads.shutdown();
    }
  }

  /** A token of this account. */
  private interface Mint {
    Object token(String name) throws Exception;
  }
}
