package io.github.shortlived.benchmarks;

import io.github.shortlived.benchmarks.Crowd.Waits;
import java.time.Duration;

/** Compares 500 threads that read a usable token whose refresh always fails, after 200 ms. */
final class FailingRefresh implements SideBySide.Comparison {
  private static final int ROUNDS = 10;
  private static final Duration PAUSE = Duration.ofMillis(300);

  @Override
  public void print() throws Exception {
    System.out.printf(
        "%n500 threads, %d times, while the refresh fails and the token is usable%n%n", ROUNDS);
    System.out.println("| client | requests | blocked > 50 ms | worst wait | failed |");
    System.out.println("|---|---|---|---|---|");
    try (Crowd crowd = new Crowd();
        Contender ours = new Contender.Ours();
        Contender googleAuth = new Contender.GoogleAuth()) {
      measure(crowd, "TokenSource", ours);
      measure(crowd, "google-auth", googleAuth);
    }
  }

  private static void measure(Crowd crowd, String client, Contender contender) throws Exception {
    crowd.go(contender::read); // Starts the threads and loads the classes.
    contender.untilRefresh();
    contender.service().latency(RefreshMoment.LATENCY).fail();
    int before = contender.service().requests();
    long blocked = 0;
    long failed = 0;
    double worst = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Waits waits = crowd.go(contender::read);
      blocked += waits.blocked();
      failed += waits.failed();
      worst = Math.max(worst, waits.worstMillis());
      Thread.sleep(PAUSE.toMillis());
    }
    int requests = contender.service().requests() - before;
    System.out.printf(
        "| %s | %d | %d of %d | %.1f ms | %d |%n",
        client, requests, blocked, ROUNDS * Crowd.SIZE, worst, failed);
  }
}
