package io.github.shortlived;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.rpc.Code;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.testing.EmulatorCall;
import io.github.shortlived.testing.EmulatorFaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks which callers see a failure if 30 % of all calls fail, by busy services or lost
 * connections.
 */
class InjectedFaultsTest {
  private static final int CALLS = 10_000;
  private static final int THREADS = 8;
  // Short delays, and a timeout that suffices on slow machines.
  private static final RetryPolicy AT_ONCE =
      new RetryPolicy(Duration.ofNanos(1), Duration.ofNanos(1), Duration.ofMinutes(10), true);

  // Its server logs each connection that the emulator closes.
  private static final Logger NETTY =
      Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler");

  private final DemoProject demo = new DemoProject();

  @BeforeAll
  static void muteLog() {
    NETTY.setLevel(Level.OFF);
  }

  @AfterAll
  static void restoreLog() {
    NETTY.setLevel(null);
  }

  @BeforeEach
  void grantAndInject() {
    demo.grants().apply(CrossAccountGrant.tokenCreator(CALLER).on(TARGET));
    EmulatorFaults faults = demo.emulator().faults();
    faults.onEverything().fraction(0.1, 1).fail(Code.RESOURCE_EXHAUSTED);
    faults.onEverything().fraction(0.1 / 0.9, 2).fail(Code.UNAVAILABLE);
    faults.onEverything().fraction(0.1 / 0.8, 3).dropConnection();
  }

  @AfterEach
  void close() {
    demo.close();
  }

  @ParameterizedTest(name = "grpc={0}")
  @ValueSource(booleans = {false, true})
  void accessToken_manyCallsThroughFaults_allSucceed(boolean grpc) throws Exception {
    try (ShortLivedCredentials credentials = caller(grpc)) {
      assertThat(failures(i -> token(credentials))).isEmpty();
    }
    assertThat(lastCalls()).contains(Code.OK, Code.RESOURCE_EXHAUSTED, Code.UNAVAILABLE);
    assertThat(Collections.frequency(lastCalls(), Code.OK))
        .isCloseTo(lastCalls().size() * 7 / 10, withinPercentage(10));
  }

  /** Checks that google-auth has no retries under the same faults, except those of the JDK. */
  @Test
  void refreshAccessToken_ofGoogleAuthThroughFaults_failsOften(TestReporter reporter)
      throws Exception {
    try (ShortLivedCredentials credentials = caller(false)) {
      ImpersonatedCredentials impersonated =
          credentials.impersonatedCredentials(AccessTokenRequest.of(TARGET, CLOUD_PLATFORM));
      int failures = failures(i -> refreshed(impersonated)).size();
      reporter.publishEntry("failures of google-auth", failures + " of " + CALLS);
      assertThat(failures).isBetween(CALLS / 10, CALLS / 2);
    }
  }

  private ShortLivedCredentials caller(boolean grpc) {
    ShortLivedCredentials.Builder builder =
        ShortLivedCredentials.builder()
            .keyJson(demo.emulator().serviceAccountKey(CALLER.id()))
            .endpoints(demo.emulator().endpoints())
            .retryPolicy(AT_ONCE);
    return grpc ? builder.grpc().build() : builder.build();
  }

  private static Object token(ShortLivedCredentials credentials) {
    return credentials.issue(AccessTokenRequest.of(TARGET, CLOUD_PLATFORM).fresh());
  }

  private static Object refreshed(ImpersonatedCredentials impersonated) {
    try {
      return impersonated.refreshAccessToken();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes the calls on several threads and returns the failures. */
  private static Queue<String> failures(IntFunction<Object> call) throws InterruptedException {
    Queue<String> failures = new ConcurrentLinkedQueue<>();
    ExecutorService callers = Executors.newFixedThreadPool(THREADS);
    for (int i = 0; i < CALLS; i++) {
      int number = i;
      callers.execute(
          () -> {
            try {
              assertThat(call.apply(number)).isNotNull();
            } catch (RuntimeException | Error e) {
              failures.add(String.valueOf(e.getMessage()));
            }
          });
    }
    callers.shutdown();
    assertThat(callers.awaitTermination(10, TimeUnit.MINUTES)).isTrue();
    return failures;
  }

  /** Returns the status of each call in the emulator's log. */
  private List<Code> lastCalls() {
    return demo.emulator().calls().stream().map(EmulatorCall::status).toList();
  }
}
