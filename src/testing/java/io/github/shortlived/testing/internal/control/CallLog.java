package io.github.shortlived.testing.internal.control;

import com.google.rpc.Code;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The latest calls, oldest first. Safe for concurrent use. */
public final class CallLog {
  /** A call, and the reasons for its outcome. */
  public record Entry(
      Instant time,
      String method,
      String caller,
      CallTarget target,
      Code status,
      List<String> reasons) {
    public Entry {
      reasons = List.copyOf(reasons);
    }
  }

  public static final int CAPACITY = 1000;

  private final InstantSource clock;
  private final Deque<Entry> calls = new ArrayDeque<>();

  public CallLog(InstantSource clock) {
    this.clock = clock;
  }

  /** Starts to record a call. The log has it after the recorder is closed. */
  public CallRecorder open(String method, CallTarget target) {
    return CallRecorder.open(clock.instant(), method, target, this::add);
  }

  public synchronized List<Entry> snapshot() {
    return List.copyOf(calls);
  }

  private synchronized void add(Entry call) {
    if (calls.size() == CAPACITY) {
      calls.removeFirst();
    }
    calls.addLast(call);
  }
}
