package io.github.shortlived.benchmarks;

import io.github.shortlived.benchmarks.Crowd.Waits;
import java.time.Duration;

/** 500 threads read when the token is due, and a new one takes 200 ms. */
final class RefreshMoment implements SideBySide.Comparison {
  static final Duration MINT = Duration.ofMillis(200);
  private static final String AHEAD = "ahead of expiry";
  private static final String AT_EXPIRY = "at expiry";

  @Override
  public void print() throws Exception {
    System.out.printf("%n500 threads at the moment of the refresh, which takes 200 ms%n%n");
    System.out.println("| moment | who | requests | blocked > 50 ms | worst wait | failed |");
    System.out.println("|---|---|---|---|---|---|");
    try (Crowd crowd = new Crowd()) {
      measure(crowd, AHEAD, "TokenSource", new Contender.Ours());
      measure(crowd, AHEAD, "google-auth", new Contender.GoogleAuth());
      measure(crowd, AT_EXPIRY, "TokenSource", new Contender.Ours());
      measure(crowd, AT_EXPIRY, "google-auth", new Contender.GoogleAuth());
    }
  }

  private static void measure(Crowd crowd, String moment, String who, Contender contender)
      throws Exception {
    try (contender) {
      crowd.go(contender::read); // Starts the threads and loads the classes.
      if (moment.equals(AT_EXPIRY)) {
        contender.untilExpiry();
      } else {
        contender.untilRefresh();
      }
      print(crowd, moment, who, contender);
    }
  }

  private static void print(Crowd crowd, String moment, String who, Contender contender)
      throws Exception {
    contender.service().latency(MINT);
    int before = contender.service().requests();
    Waits waits = crowd.go(contender::read);
    Thread.sleep(MINT.multipliedBy(3).toMillis()); // For requests that nobody waited for.
    System.out.printf(
        "| %s | %s | %d | %d | %.1f ms | %d |%n",
        moment,
        who,
        contender.service().requests() - before,
        waits.blocked(),
        waits.worstMillis(),
        waits.failed());
  }
}
