package io.github.shortlived;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import com.google.api.client.testing.http.MockLowLevelHttpRequest;
import com.google.api.client.testing.http.MockLowLevelHttpResponse;
import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.ServiceAccount;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Closes credentials while many threads use a full cache. Each call returns a credential or throws
 * IllegalStateException.
 */
@Timeout(120) // A lost caller must not stall the build.
class CloseStressTest {
  private static final int ROUNDS = 150;
  private static final int CALLERS = 8;
  private static final int ACCOUNTS = 30;

  private final ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void close_duringCalls_isAnIllegalStateOnly() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      closeDuringCalls(new Random(round));
    }
    assertThat(failures).allMatch(failure -> failure instanceof IllegalStateException);
    assertThat(failures)
        .isNotEmpty()
        .allMatch(failure -> "These ShortLivedCredentials are closed".equals(failure.getMessage()));
  }

  private void closeDuringCalls(Random random) throws Exception {
    ShortLivedCredentials credentials =
        ShortLivedCredentials.builder()
            .source(
                GoogleCredentials.create(
                    new com.google.auth.oauth2.AccessToken(
                        "source", Date.from(Instant.parse("2100-01-01T00:00:00Z")))))
            .endpoints(Endpoints.google())
            .httpTransportFactory(Responding::new)
            .maximumCachedTokens(1 + random.nextInt(4))
            .build();
    CyclicBarrier start = new CyclicBarrier(CALLERS + 1);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      Random own = new Random(random.nextLong());
      running.add(
          threads.submit(
              () -> {
                start.await();
                callUntilClosed(credentials, own);
                return null;
              }));
    }
    start.await();
    Thread.sleep(random.nextInt(20));
    credentials.close();
    for (Future<?> caller : running) {
      caller.get();
    }
  }

  private void callUntilClosed(ShortLivedCredentials credentials, Random random) {
    try {
      while (true) {
        call(credentials, random);
      }
    } catch (Throwable failure) {
      failures.add(failure);
    }
  }

  private static void call(ShortLivedCredentials credentials, Random random) throws IOException {
    ServiceAccount target =
        ServiceAccount.of("a%dx@p.iam.gserviceaccount.com".formatted(random.nextInt(ACCOUNTS)));
    AccessTokenRequest request = AccessTokenRequest.of(target, CLOUD_PLATFORM);
    switch (random.nextInt(5)) {
      case 0 -> credentials.issue(request.fresh());
      case 1 -> credentials.tokenSource(request).get();
      case 2 -> credentials.googleCredentials(request).getRequestMetadata();
      case 3 -> credentials.signBlob(target, new byte[] {1});
      default -> credentials.issue(request);
    }
  }

  /** Responds to each request at once. */
  private static final class Responding extends HttpTransport {
    @Override
    protected LowLevelHttpRequest buildRequest(String method, String url) {
      return new MockLowLevelHttpRequest(url) {
        @Override
        public LowLevelHttpResponse execute() {
          return new MockLowLevelHttpResponse()
              .setContentType("application/json")
              .setContent(
                  url.contains("signBlob")
                      ? "{\"keyId\": \"k\", \"signedBlob\": \"AAAA\"}"
                      : IamJson.accessToken("opaque"));
        }
      };
    }
  }
}
