package io.github.shortlived.benchmarks;

import io.github.shortlived.benchmarks.Crowd.Waits;
import java.time.Duration;

/** Compares 500 threads that read a token when its refresh is due, which takes 200 ms. */
final class RefreshMoment implements SideBySide.Comparison {
  static final Duration LATENCY = Duration.ofMillis(200);
  private static final String AHEAD = "ahead of expiry";
  private static final String AT_EXPIRY = "at expiry";

  @Override
  public void print() throws Exception {
    System.out.printf("%n500 threads at the moment of the refresh, which takes 200 ms%n%n");
    System.out.println("| moment | client | requests | blocked > 50 ms | worst wait | failed |");
    System.out.println("|---|---|---|---|---|---|");
    try (Crowd crowd = new Crowd()) {
      measure(crowd, AHEAD, "TokenSource", new Contender.Ours());
      measure(crowd, AHEAD, "google-auth", new Contender.GoogleAuth());
      measure(crowd, AT_EXPIRY, "TokenSource", new Contender.Ours());
      measure(crowd, AT_EXPIRY, "google-auth", new Contender.GoogleAuth());
    }
  }

  private static void measure(Crowd crowd, String moment, String client, Contender contender)
      throws Exception {
    try (contender) {
      crowd.go(contender::read); // Starts the threads and loads the classes.
      if (moment.equals(AT_EXPIRY)) {
        contender.untilExpiry();
      } else {
        contender.untilRefresh();
      }
      print(crowd, moment, client, contender);
    }
  }

  private static void print(Crowd crowd, String moment, String client, Contender contender)
      throws Exception {
    contender.service().latency(LATENCY);
    int before = contender.service().requests();
    Waits waits = crowd.go(contender::read);
    Thread.sleep(LATENCY.multipliedBy(3).toMillis()); // For requests in the background.
    System.out.printf(
        "| %s | %s | %d | %d | %.1f ms | %d |%n",
        moment,
        client,
        contender.service().requests() - before,
        waits.blocked(),
        waits.worstMillis(),
        waits.failed());
  }
}
