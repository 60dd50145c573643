package io.github.shortlived.testing;

import com.google.rpc.Code;
import io.github.shortlived.testing.internal.control.CallLog;
import java.time.Instant;
import java.util.List;

/**
 * A call in the log of an emulator, with the reasons for its outcome. It holds no token, key,
 * assertion or payload. Immutable.
 *
 * @param time the start of the call by the emulator's clock
 * @param method the name as in {@link EmulatorFaults#on}, such as {@code generateAccessToken}
 * @param caller the authenticated caller, such as {@code user:admin@example.com}, or {@code
 *     anonymous}
 * @param delegates the delegates in the request, in its order
 * @param resource the target in the request
 * @param status {@link Code#OK} or the error; for plain HTTP the code nearest to its status
 * @param reasons one line for each reason: the binding that allowed a permission, a missing
 *     permission and its resource, bindings that are not effective, an injected fault, the error
 *     message
 */
public record EmulatorCall(
    Instant time,
    String method,
    String caller,
    List<String> delegates,
    String resource,
    Code status,
    List<String> reasons) {

  /** Copies the lists. */
  public EmulatorCall {
    delegates = List.copyOf(delegates);
    reasons = List.copyOf(reasons);
  }

  static EmulatorCall of(CallLog.Entry call) {
    return new EmulatorCall(
        call.time(),
        call.method(),
        call.caller(),
        call.target().delegates(),
        call.target().resource(),
        call.status(),
        call.reasons());
  }

  /** {@return whether the status is {@link Code#OK}} */
  public boolean allowed() {
    return status == Code.OK;
  }
}
