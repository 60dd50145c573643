package io.github.shortlived.benchmarks;

import io.github.shortlived.benchmarks.LinePlot.Line;
import io.github.shortlived.internal.cache.SimulatedFleet;
import io.github.shortlived.internal.cache.SimulatedFleet.Result;
import io.github.shortlived.internal.cache.SimulatedService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Simulates fleets of processes that a deployment starts at once, without and with an outage of the
 * service. Prints the requests per minute, and draws them.
 */
final class Fleets implements SideBySide.Comparison {
  private static final Path PLOT = Path.of("src/site/resources/images/fleets.svg");
  private static final int HOUR = 60;
  private static final int MINUTES = 8 * HOUR;
  private static final int START = HOUR / 2;
  private static final int OUTAGE_BEGIN = 46;
  // A token of an hour is refreshed after 44:50 to 50:50.
  private static final double MEAN_MINUTES = 47 + 50 / 60.0;

  private final List<Run> runs = new ArrayList<>();

  /** A simulation and its result. */
  private record Run(int processes, int outage, Result result) {
    static Run of(int processes, int outage) {
      Result result =
          SimulatedFleet.run(
              processes,
              Duration.ofMinutes(MINUTES),
              Duration.ofMinutes(OUTAGE_BEGIN),
              Duration.ofMinutes(outage));
      return new Run(processes, outage, result);
    }

    Line line() {
      return new Line("%,d processes".formatted(processes), result.requests());
    }

    String name() {
      return "| %,d | %s".formatted(processes, outage == 0 ? "none" : outage + " min");
    }

    int peak(int from, int to) {
      return IntStream.range(from, to).map(i -> result.requests()[i]).max().orElseThrow();
    }

    long refused(int from, int to) {
      return IntStream.range(from, to).mapToLong(this::refused).sum();
    }

    String lastRefusal() {
      OptionalInt last = IntStream.range(0, MINUTES).filter(i -> refused(i) > 0).max();
      return last.isEmpty()
          ? "never"
          : "%d:%02d".formatted(last.getAsInt() / HOUR, last.getAsInt() % HOUR);
    }

    private int refused(int minute) {
      return result.requests()[minute] - result.issued()[minute];
    }
  }

  @Override
  public void print() throws Exception {
    LinePlot plot = new LinePlot(MINUTES, SimulatedService.QUOTA);
    for (int outage : new int[] {0, 5, 15}) {
      List<Run> panel = IntStream.of(10, 1_000, 10_000).mapToObj(p -> Run.of(p, outage)).toList();
      plot.panel(title(outage), panel.stream().map(Run::line).toList());
      runs.addAll(panel);
    }
    printPeaks();
    printWaits();
    Files.createDirectories(PLOT.getParent());
    Files.writeString(PLOT, plot.svg());
    System.out.printf("%nThe plot is in %s.%n", PLOT);
  }

  private static String title(int outage) {
    String condition = outage == 0 ? "no outage" : "outage of %d minutes".formatted(outage);
    return "Requests per minute, " + condition;
  }

  private void printPeaks() {
    System.out.printf("%nMost requests in a minute, in a time after the start%n%n");
    System.out.println(
        "| processes | outage | 0:00-0:30 | 0:30-1:30 | 1:30-2:30 | 3:30-4:30 | 6:30-7:30 | evenly spread |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    for (Run run : runs) {
      System.out.printf(
          "%s | %,d | %,d | %,d | %,d | %,d | %,.0f |%n",
          run.name(),
          run.peak(0, START),
          run.peak(START, START + HOUR),
          run.peak(START + HOUR, START + 2 * HOUR),
          run.peak(START + 3 * HOUR, START + 4 * HOUR),
          run.peak(START + 6 * HOUR, START + 7 * HOUR),
          run.processes() * SimulatedFleet.IDENTITIES / MEAN_MINUTES);
    }
  }

  private void printWaits() {
    System.out.printf("%nRefused requests, and callers without a token%n%n");
    System.out.println(
        "| processes | outage | all have a token after | refused until then | refused later | last refusal | tokens that expired | longest wait for another |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    for (Run run : runs) {
      System.out.printf(
          "%s | %,d s | %,d | %,d | %s | %,d | %,.0f s |%n",
          run.name(),
          run.result().complete().toSeconds(),
          run.refused(0, START),
          run.refused(START, MINUTES),
          run.lastRefusal(),
          run.result().expired(),
          run.result().longestWait().toMillis() / 1e3);
    }
  }
}
