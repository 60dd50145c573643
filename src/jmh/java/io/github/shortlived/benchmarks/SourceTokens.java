package io.github.shortlived.benchmarks;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.EmulatorBuilder;
import io.github.shortlived.testing.IamEmulator;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;

/** Counts the source tokens that are fetched from one key file for tokens of many targets. */
final class SourceTokens implements SideBySide.Comparison {
  private static final String TARGET = "target-%d@demo-project.iam.gserviceaccount.com";

  @Override
  public void print() throws Exception {
    System.out.printf("%nSource tokens fetched, from one unscoped key file%n%n");
    System.out.println("| targets | library | google-auth |");
    System.out.println("|---|---|---|");
    for (int targets : new int[] {5, 100}) {
      System.out.printf("| %d | %d | %d |%n", targets, ours(targets), googleAuth(targets));
    }
  }

  private static long ours(int targets) {
    try (IamEmulator emulator = emulator(targets);
        ShortLivedCredentials credentials =
            ShortLivedCredentials.builder()
                .keyJson(emulator.serviceAccountKey(DemoCalls.CALLER))
                .endpoints(emulator.endpoints())
                .build()) {
      for (int i = 0; i < targets; i++) {
        credentials.accessToken(ServiceAccount.of(TARGET.formatted(i)), DemoCalls.SCOPE);
      }
      return sourceTokens(emulator);
    }
  }

  private static long googleAuth(int targets) throws Exception {
    try (IamEmulator emulator = emulator(targets)) {
      byte[] key = emulator.serviceAccountKey(DemoCalls.CALLER).getBytes(StandardCharsets.UTF_8);
      GoogleCredentials source =
          ServiceAccountCredentials.fromStream(new ByteArrayInputStream(key));
      for (int i = 0; i < targets; i++) {
        DemoCalls.impersonated(source, TARGET.formatted(i), emulator.endpoints())
            .refreshAccessToken();
      }
      return sourceTokens(emulator);
    }
  }

  private static IamEmulator emulator(int targets) {
    EmulatorBuilder world = IamEmulator.demo();
    for (int i = 0; i < targets; i++) {
      String target = TARGET.formatted(i);
      world.serviceAccount(target);
      world.binding(
          target, "roles/iam.serviceAccountTokenCreator", "serviceAccount:" + DemoCalls.CALLER);
    }
    return world.start();
  }

  private static long sourceTokens(IamEmulator emulator) {
    return emulator.calls().stream().filter(call -> call.method().equals("token")).count();
  }
}
