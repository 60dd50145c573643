package io.github.shortlived.testing.internal.http;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Counts the threads that wait for HTTP clients, and limits their number: further calls start when
 * a thread stops waiting. Safe for concurrent use.
 */
final class WaitingThreads {
  private final int limit;
  private final Queue<Runnable> queue = new ArrayDeque<>();
  private int waiting;
  private boolean closed;

  WaitingThreads(int limit) {
    this.limit = limit;
  }

  /** Starts a call, now or later; its thread waits for the client from the start. */
  synchronized void start(Runnable call) {
    queue.add(call);
    startNext();
  }

  /** The thread of a call waits for the client again. */
  synchronized void enter() {
    waiting++;
  }

  synchronized void leave() {
    waiting--;
    startNext();
  }

  synchronized int count() {
    return waiting;
  }

  /** Starts no more calls. */
  synchronized void close() {
    closed = true;
  }

  private void startNext() {
    if (!closed && waiting < limit && !queue.isEmpty()) {
      waiting++;
      queue.remove().run();
    }
  }
}
