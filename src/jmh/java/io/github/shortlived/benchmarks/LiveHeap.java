package io.github.shortlived.benchmarks;

import java.lang.management.ManagementFactory;

/** Measures the heap that is reachable after garbage collections. */
final class LiveHeap {
  private static final int COLLECTIONS = 5;

  private LiveHeap() {}

  static long bytes() {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
