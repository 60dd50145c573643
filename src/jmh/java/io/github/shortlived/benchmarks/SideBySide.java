package io.github.shortlived.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Prints comparisons in counts, waits and bytes, instead of time per operation, as Markdown tables:
 * all of them, or the named ones.
 */
final class SideBySide {
  private static final Map<String, Comparison> ALL = new LinkedHashMap<>();

  static {
    ALL.put("refresh", new RefreshMoment());
    ALL.put("failing", new FailingRefresh());
    ALL.put("source", new SourceTokens());
    ALL.put("first", new FirstTokens());
    ALL.put("cost", new CallCost());
    ALL.put("many", new ManyTargets());
    ALL.put("memory", new CacheMemory());
    ALL.put("fleet", new Fleets());
  }

  private SideBySide() {}

  public static void main(String[] names) throws Exception {
    for (String name : names.length == 0 ? List.copyOf(ALL.keySet()) : List.of(names)) {
      if (!ALL.containsKey(name)) {
        throw new IllegalArgumentException(name + " is none of " + ALL.keySet());
      }
      ALL.get(name).print();
    }
    System.exit(0); // Comparisons may leave threads.
  }

  /** Runs one comparison and prints its table. */
  interface Comparison {
    void print() throws Exception;
  }
}
