package io.github.shortlived.testing.internal.control;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The latest calls, oldest first. Safe for concurrent use. */
public final class CallLog {
  public static final int CAPACITY = 1000;

  private final InstantSource clock;
  private final Deque<CallRecord> calls = new ArrayDeque<>();

  public CallLog(InstantSource clock) {
    this.clock = clock;
  }

  /** Begins a call; it is in the log once the notes are closed. */
  public CallRecorder open(String method, CallTarget target) {
    return CallRecorder.open(clock.instant(), method, target, this::add);
  }

  public synchronized List<CallRecord> snapshot() {
    return List.copyOf(calls);
  }

  private synchronized void add(CallRecord call) {
    if (calls.size() == CAPACITY) {
      calls.removeFirst();
    }
    calls.addLast(call);
  }
}
