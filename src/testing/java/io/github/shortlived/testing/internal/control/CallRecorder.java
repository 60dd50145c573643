package io.github.shortlived.testing.internal.control;

import com.google.rpc.Code;
import io.github.shortlived.testing.internal.account.Principal;
import io.github.shortlived.testing.internal.error.RpcException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Collects the log entry of the call that the current thread serves. Code that decides something
 * adds the reason through the static methods; outside of a call they do nothing.
 */
public final class CallRecorder implements AutoCloseable {
  private static final ThreadLocal<CallRecorder> CURRENT = new ThreadLocal<>();
  private static final int MOST = 50;

  private final Instant time;
  private final String method;
  private final Consumer<CallRecord> log;
  private final List<String> why = new ArrayList<>();
  private CallTarget target;
  private String caller = "anonymous";
  private Code status = Code.UNKNOWN;

  private CallRecorder(Instant time, String method, CallTarget target, Consumer<CallRecord> log) {
    this.time = time;
    this.method = method;
    this.target = target;
    this.log = log;
  }

  static CallRecorder open(
      Instant time, String method, CallTarget target, Consumer<CallRecord> log) {
    CallRecorder notes = new CallRecorder(time, method, target, log);
    CURRENT.set(notes);
    return notes;
  }

  public static void caller(Principal principal) {
    current().ifPresent(notes -> notes.caller = principal.member());
  }

  public static void explain(String reason) {
    current().ifPresent(notes -> notes.add(reason));
  }

  /** Replaces the target by the one that the request names, once the request is read. */
  public CallTarget target(CallTarget known) {
    target = known;
    return known;
  }

  public void status(Code status) {
    this.status = status;
  }

  void refused(RpcException refusal) {
    status(refusal.code());
    add(refusal.status().getMessage());
  }

  @Override
  public void close() {
    CURRENT.remove();
    log.accept(new CallRecord(time, method, caller, target, status, why));
  }

  private static Optional<CallRecorder> current() {
    return Optional.ofNullable(CURRENT.get());
  }

  private void add(String reason) {
    if (why.size() < MOST) {
      why.add(CallTarget.shortened(reason));
    }
  }
}
