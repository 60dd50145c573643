package io.github.shortlived.testing;

import com.google.rpc.Code;
import io.github.shortlived.testing.internal.control.CallRecord;
import java.time.Instant;
import java.util.List;

/**
 * One call an emulator answered, and why it answered so. It holds no token, key, assertion or
 * payload. Immutable.
 *
 * @param time when it came, by the emulator's clock
 * @param method the method's name as in {@link EmulatorFaults#on}, such as {@code
 *     generateAccessToken} or {@code token}
 * @param caller who called, such as {@code user:admin@example.com}; {@code anonymous} if that was
 *     not proven
 * @param delegates the chain the request named, in its order
 * @param resource what the request named as its target
 * @param status {@link Code#OK}, or why it was refused; for plain HTTP the code that comes nearest
 *     to its status
 * @param why one line each: the binding that allowed a permission, the permission that was missing
 *     and where, the bindings that came close, the fault that struck, the refusal's message
 */
public record EmulatorCall(
    Instant time,
    String method,
    String caller,
    List<String> delegates,
    String resource,
    Code status,
    List<String> why) {

  /** Copies the lists. */
  public EmulatorCall {
    delegates = List.copyOf(delegates);
    why = List.copyOf(why);
  }

  static EmulatorCall of(CallRecord call) {
    return new EmulatorCall(
        call.time(),
        call.method(),
        call.caller(),
        call.target().delegates(),
        call.target().resource(),
        call.status(),
        call.why());
  }

  /**
   * Whether the call succeeded.
   *
   * @return true if its status is {@link Code#OK}
   */
  public boolean allowed() {
    return status == Code.OK;
  }
}
