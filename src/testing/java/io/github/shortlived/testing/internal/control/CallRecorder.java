package io.github.shortlived.testing.internal.control;

import com.google.rpc.Code;
import io.github.shortlived.testing.internal.account.Principal;
import io.github.shortlived.testing.internal.error.ConnectionFault;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Collects the log entry of the call that the current thread serves. Checks add their reasons with
 * {@link #explain}. Outside of a call, {@code explain} and {@code setCaller} have no effect.
 */
public final class CallRecorder implements AutoCloseable {
  private static final Logger LOGGER = System.getLogger(CallRecorder.class.getName());
  private static final ThreadLocal<CallRecorder> CURRENT = new ThreadLocal<>();
  private static final int MOST_REASONS = 50;

  private final Instant time;
  private final String method;
  private final Consumer<CallLog.Entry> log;
  private final List<String> reasons = new ArrayList<>();
  private CallTarget target;
  private String caller = "anonymous";
  private Code status = Code.UNKNOWN;

  private CallRecorder(
      Instant time, String method, CallTarget target, Consumer<CallLog.Entry> log) {
    this.time = time;
    this.method = method;
    this.target = target;
    this.log = log;
  }

  static CallRecorder open(
      Instant time, String method, CallTarget target, Consumer<CallLog.Entry> log) {
    CallRecorder recorder = new CallRecorder(time, method, target, log);
    CURRENT.set(recorder);
    return recorder;
  }

  /**
   * Applies the active faults to a call, serves it and adds it to the log. The call itself sets the
   * status of a success.
   *
   * @throws RpcException if the call is refused, or if the emulator has a bug
   * @throws ConnectionFault if a fault breaks the connection
   */
  public static <T> T serve(
      Controls controls, String method, CallTarget target, Function<CallRecorder, T> call) {
    try (CallRecorder recorder = controls.calls().open(method, target)) {
      return recorder.serve(controls.faults(), call);
    }
  }

  private <T> T serve(FaultRules faults, Function<CallRecorder, T> call) {
    try {
      faults.apply(method);
      return call.apply(this);
    } catch (RpcException refusal) {
      status = refusal.code();
      add(refusal.status().getMessage());
      throw refusal;
    } catch (ConnectionFault fault) {
      status = Code.UNAVAILABLE;
      throw fault;
    } catch (RuntimeException bug) {
      LOGGER.log(Level.ERROR, "The emulator failed in " + method, bug);
      status = Code.INTERNAL;
      throw GoogleErrors.internal();
    }
  }

  public static void setCaller(Principal principal) {
    current().ifPresent(recorder -> recorder.caller = principal.member());
  }

  public static void explain(String reason) {
    current().ifPresent(recorder -> recorder.add(reason));
  }

  /** Sets the target, which is known after the request is read. */
  public void setTarget(CallTarget target) {
    this.target = target;
  }

  public void setStatus(Code status) {
    this.status = status;
  }

  @Override
  public void close() {
    CURRENT.remove();
    log.accept(new CallLog.Entry(time, method, caller, target, status, reasons));
  }

  private static Optional<CallRecorder> current() {
    return Optional.ofNullable(CURRENT.get());
  }

  private void add(String reason) {
    if (reasons.size() < MOST_REASONS) {
      reasons.add(CallTarget.shortened(reason));
    }
  }
}
