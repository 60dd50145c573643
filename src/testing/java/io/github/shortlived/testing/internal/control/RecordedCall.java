package io.github.shortlived.testing.internal.control;

import com.google.rpc.Code;
import io.github.shortlived.testing.internal.error.ConnectionFault;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Function;

/** Applies the active faults to a call, and records the call and its outcome in the log. */
public final class RecordedCall {
  private static final Logger LOGGER = System.getLogger(RecordedCall.class.getName());

  private RecordedCall() {}

  /**
   * Serves a call, which sets the status of its success.
   *
   * @throws RpcException if the call is refused, or if the emulator has a bug
   * @throws ConnectionFault if a fault breaks the connection
   */
  public static <T> T serve(
      Controls knobs, String method, CallTarget target, Function<CallRecorder, T> call) {
    try (CallRecorder notes = knobs.calls().open(method, target)) {
      return serve(knobs.faults(), method, notes, call);
    }
  }

  private static <T> T serve(
      FaultRules faults, String method, CallRecorder notes, Function<CallRecorder, T> call) {
    try {
      faults.apply(method);
      return call.apply(notes);
    } catch (RpcException refusal) {
      notes.refused(refusal);
      throw refusal;
    } catch (ConnectionFault fault) {
      notes.status(Code.UNAVAILABLE);
      throw fault;
    } catch (RuntimeException bug) {
      LOGGER.log(Level.ERROR, "The emulator failed in " + method, bug);
      notes.status(Code.INTERNAL);
      throw GoogleErrors.internal();
    }
  }
}
