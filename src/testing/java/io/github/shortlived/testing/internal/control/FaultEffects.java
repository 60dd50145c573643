package io.github.shortlived.testing.internal.control;

import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import io.github.shortlived.internal.text.Phrases;
import io.github.shortlived.testing.internal.error.ConnectionFault;
import io.github.shortlived.testing.internal.error.RpcException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Creates the effects of faults. Each effect adds a line to the log entry of its call. */
public final class FaultEffects {
  private FaultEffects() {}

  public static Runnable fail(Code code, Message... details) {
    return recorded(
        "fault: " + code,
        () -> {
          throw new RpcException(code, text(code), details);
        });
  }

  public static Runnable drop() {
    return recorded(
        "fault: dropped connection",
        () -> {
          throw new ConnectionFault(ConnectionFault.Kind.DROPPED);
        });
  }

  public static Runnable malform() {
    return recorded(
        "fault: malformed body",
        () -> {
          throw new ConnectionFault(ConnectionFault.Kind.MALFORMED);
        });
  }

  public static Runnable delay(Duration by) {
    return recorded("fault: delayed by " + Phrases.exact(by), () -> pause(by));
  }

  public static RetryInfo retryAfter(Duration delay) {
    return RetryInfo.newBuilder().setRetryDelay(Durations.fromNanos(delay.toNanos())).build();
  }

  private static Runnable recorded(String reason, Runnable effect) {
    return () -> {
      CallRecorder.explain(reason);
      effect.run();
    };
  }

  /** Waits in real time, until closing the emulator interrupts the thread. */
  private static void pause(Duration by) {
    try {
      boolean never = new CountDownLatch(1).await(by.toNanos(), TimeUnit.NANOSECONDS);
      assert !never;
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns the message of Google's front end; unverified. */
  private static String text(Code code) {
    return switch (code) {
      case UNAVAILABLE -> "The service is currently unavailable.";
      case INTERNAL -> "Internal error encountered.";
      case RESOURCE_EXHAUSTED -> "Resource has been exhausted (e.g. check quota).";
      case DEADLINE_EXCEEDED -> "Deadline expired before operation could complete.";
      case ABORTED -> "The operation was aborted.";
      default -> "Injected fault: " + code + ".";
    };
  }
}
