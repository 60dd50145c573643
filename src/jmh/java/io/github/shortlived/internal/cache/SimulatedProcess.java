package io.github.shortlived.internal.cache;

import java.util.ArrayDeque;
import java.util.Queue;

/** The threads of a process, which load its tokens in the order of their requests. */
final class SimulatedProcess {
  private static final int THREADS = 64; // As in CacheThreads.

  private final Queue<SimulatedToken> waiting = new ArrayDeque<>(1);
  private int busy;

  void submit(SimulatedToken token) {
    if (busy == THREADS) {
      waiting.add(token);
    } else {
      busy++;
      token.beginLoad();
    }
  }

  void endLoad() {
    SimulatedToken next = waiting.poll();
    if (next == null) {
      busy--;
    } else {
      next.beginLoad();
    }
  }
}
