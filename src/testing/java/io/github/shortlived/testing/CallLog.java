package io.github.shortlived.testing;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The latest calls, oldest first. Safe for concurrent use. */
final class CallLog {
  static final int CAPACITY = 1000;

  private final InstantSource clock;
  private final Deque<EmulatorCall> calls = new ArrayDeque<>();

  CallLog(InstantSource clock) {
    this.clock = clock;
  }

  /** Begins a call; it is in the log once the notes are closed. */
  CallNotes open(String method, CallTarget target) {
    return CallNotes.open(clock.instant(), method, target, this::add);
  }

  synchronized List<EmulatorCall> snapshot() {
    return List.copyOf(calls);
  }

  private synchronized void add(EmulatorCall call) {
    if (calls.size() == CAPACITY) {
      calls.removeFirst();
    }
    calls.addLast(call);
  }
}
