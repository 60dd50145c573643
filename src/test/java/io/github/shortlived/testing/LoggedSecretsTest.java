package io.github.shortlived.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import io.github.shortlived.samples.Quickstart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.platform.engine.Filter;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/**
 * Runs the suites, the quickstart and the samples with all loggers at the finest level. No secret
 * that the emulators issue or receive is printed, and only the loggers of whole messages log one.
 */
@Isolated
class LoggedSecretsTest {
  /**
   * Leaves out the suites that search the text of this run, repeat thousands of calls or issue no
   * secret, and those that start other processes.
   */
  private static final Filter<String> SUITES =
      includeClassNamePatterns(
          ".*\\.(?!(LoggedSecrets|InjectedFaults|Contention|Architecture"
              + "|Standalone|EmulatorProgram|EnvironmentScriptSamples|Gcloud"
              + "|\\w+Stress|\\w+Property|\\w+Fuzz)Test$)\\w+Test");

  /**
   * Only tests and samples use the JDK's HTTP client, and only JDK 17 logs the query of a request.
   */
  private static final String CLIENT_OF_TESTS = "jdk.internal.httpclient.";

  /**
   * Loggers of the HTTP and gRPC clients that log what they send or receive, at a level that is off
   * by default. The decisions page describes what a user can do. The JDK's HTTP server logs the
   * query of a request, in which tests send tokens as Google's endpoints allow.
   */
  private static final Set<String> WHOLE_MESSAGES =
      Set.of(
          "com.google.api.client.http.HttpTransport at CONFIG",
          "com.sun.net.httpserver at FINE",
          "io.grpc.netty.shaded.io.grpc.netty.NettyClientHandler at FINE",
          "io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler at FINE",
          "sun.net.www.protocol.http.HttpURLConnection at FINE");

  private static final SecretSearch SEARCH = SecretSearch.start();
  private static final Recording RECORDING = Recording.start();
  private static Events suites;

  @BeforeAll
  static void run(@TempDir Path folder) throws IOException {
    try (SEARCH;
        RECORDING) {
      suites =
          EngineTestKit.engine("junit-jupiter")
              .selectors(selectPackage("io.github.shortlived"))
              .filters(SUITES)
              .execute()
              .testEvents();
      Quickstart.main(new String[0]);
      SampleRuns.all(folder);
    }
  }

  @Test
  void suites_withAllLoggersAtTheFinestLevel_succeed() {
    assertThat(suites.failed().map(failed -> failed.getTestDescriptor().getUniqueId())).isEmpty();
    assertThat(suites.succeeded().count()).isGreaterThan(1_000);
    assertThat(SEARCH.size()).as("secrets").isGreaterThan(3_000);
  }

  @Test
  void logged_byLevelAndLogger_onlyWholeMessagesHoldSecrets() {
    Set<String> leaking = new TreeSet<>();
    RECORDING
        .logged()
        .forEach(
            (logger, text) -> {
              if (!logger.startsWith(CLIENT_OF_TESTS) && SEARCH.findsIn(text)) {
                leaking.add(logger);
              }
            });
    // Equal, not a subset: these prove that the search finds secrets.
    assertThat(leaking).isEqualTo(WHOLE_MESSAGES);
  }

  @Test
  void printed_byQuickstartAndSamples_holdsNoSecret() {
    String printed = RECORDING.printed();
    assertThat(List.of("AccessToken[sha256:", "IdToken[sha256:", "SignedJwt[sha256:"))
        .allMatch(printed::contains);
    assertThat(SEARCH.findsIn(printed)).isFalse();
  }
}
