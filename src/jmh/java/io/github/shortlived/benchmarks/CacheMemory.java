package io.github.shortlived.benchmarks;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.TokenSource;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.ServiceAccount;
import java.io.IOException;
import java.time.InstantSource;
import java.util.function.IntFunction;

/**
 * Measures the heap of 10,000 cached tokens: the live heap with them, minus the live heap without.
 */
final class CacheMemory implements SideBySide.Comparison {
  private static final int ENTRIES = 10_000;
  private static final String TARGET = "target-%d@demo-project.iam.gserviceaccount.com";

  @Override
  public void print() throws Exception {
    System.out.printf("%nHeap of %,d cached tokens of 137 characters%n%n", ENTRIES);
    System.out.println("| client | total | each |");
    System.out.println("|---|---|---|");
    try (DelayingService service = new DelayingService(InstantSource.system());
        ShortLivedCredentials forgetful =
            DemoCalls.builder(service.endpoints()).maximumCachedTokens(1).build();
        ShortLivedCredentials credentials =
            DemoCalls.builder(service.endpoints()).maximumCachedTokens(2 * ENTRIES).build()) {
      GoogleCredentials source = DemoCalls.source();
      print("token and expiry alone", i -> token(forgetful, i));
      print("TokenSource", i -> tokenSource(credentials, i));
      print("google-auth", i -> googleAuth(source, service, i));
    }
  }

  private static void print(String client, IntFunction<Object> entry) {
    entry.apply(ENTRIES); // Loads the classes.
    Object[] tokens = new Object[ENTRIES];
    long before = LiveHeap.bytes();
    fill(tokens, entry);
    long bytes = LiveHeap.bytes() - before;
    System.out.printf("| %s | %.1f MB | %d B |%n", client, bytes / 1e6, bytes / tokens.length);
  }

  private static void fill(Object[] tokens, IntFunction<Object> entry) {
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = entry.apply(i);
    }
  }

  private static AccessTokenRequest request(int number) {
    return AccessTokenRequest.of(ServiceAccount.of(TARGET.formatted(number)), DemoCalls.SCOPE);
  }

  private static AccessToken token(ShortLivedCredentials credentials, int number) {
    return credentials.issue(request(number));
  }

  private static TokenSource<AccessToken> tokenSource(
      ShortLivedCredentials credentials, int number) {
    TokenSource<AccessToken> source = credentials.tokenSource(request(number));
    source.get();
    return source;
  }

  private static ImpersonatedCredentials googleAuth(
      GoogleCredentials source, DelayingService service, int number) {
    try {
      ImpersonatedCredentials credentials =
          DemoCalls.impersonated(source, TARGET.formatted(number), service.endpoints());
      credentials.refreshIfExpired();
      return credentials;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
