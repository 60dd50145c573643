package io.github.shortlived.testing;

import com.google.rpc.Code;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What is learnt about a call while one thread serves it. Whoever decides something notes why
 * through the static methods; outside a call they do nothing.
 */
final class CallNotes implements AutoCloseable {
  private static final ThreadLocal<CallNotes> CURRENT = new ThreadLocal<>();
  private static final int MOST = 50;

  private final Instant time;
  private final String method;
  private final Consumer<EmulatorCall> log;
  private final List<String> why = new ArrayList<>();
  private CallTarget target;
  private String caller = "anonymous";
  private Code status = Code.UNKNOWN;

  private CallNotes(Instant time, String method, CallTarget target, Consumer<EmulatorCall> log) {
    this.time = time;
    this.method = method;
    this.target = target;
    this.log = log;
  }

  static CallNotes open(
      Instant time, String method, CallTarget target, Consumer<EmulatorCall> log) {
    CallNotes notes = new CallNotes(time, method, target, log);
    CURRENT.set(notes);
    return notes;
  }

  static void caller(Principal principal) {
    current().ifPresent(notes -> notes.caller = principal.member());
  }

  static void why(String reason) {
    current().ifPresent(notes -> notes.add(reason));
  }

  /** Tells the call's target better than it could be told at first. */
  CallTarget about(CallTarget known) {
    target = known;
    return known;
  }

  void status(Code status) {
    this.status = status;
  }

  void refused(RpcException refusal) {
    status(refusal.code());
    add(refusal.status().getMessage());
  }

  @Override
  public void close() {
    CURRENT.remove();
    log.accept(
        new EmulatorCall(time, method, caller, target.delegates(), target.resource(), status, why));
  }

  private static Optional<CallNotes> current() {
    return Optional.ofNullable(CURRENT.get());
  }

  private void add(String reason) {
    if (why.size() < MOST) {
      why.add(CallTarget.shortened(reason));
    }
  }
}
