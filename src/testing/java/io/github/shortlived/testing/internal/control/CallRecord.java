package io.github.shortlived.testing.internal.control;

import com.google.rpc.Code;
import java.time.Instant;
import java.util.List;

/** An entry of the call log. */
public record CallRecord(
    Instant time, String method, String caller, CallTarget target, Code status, List<String> why) {
  public CallRecord {
    why = List.copyOf(why);
  }
}
