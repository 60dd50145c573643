package io.github.shortlived.internal.client;

import com.google.api.core.ApiClock;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.internal.client.Retrier.Limits;
import io.github.shortlived.internal.client.Retrier.TimeSource;
import io.github.shortlived.internal.failure.FailedCallException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;

/** A call whose attempts all fail, made by the retrier on a virtual clock. */
public final class FailingCall implements ApiClock, Retrier.Sleeper {
  private static final Exception FAULT = new ConnectException("Simulated");

  private final IntStream.Builder begins = IntStream.builder();
  private long nanos;

  private FailingCall() {}

  /**
   * Returns when the attempts begin, in milliseconds since the call.
   *
   * @param latency how long an attempt takes until it fails
   * @param random draws a number from zero to below its argument
   */
  public static int[] attempts(RetryPolicy policy, Duration latency, LongUnaryOperator random) {
    FailingCall call = new FailingCall();
    Limits limits =
        new Limits(
            policy.initialDelay(), policy.maxDelay(), policy.totalTimeout(), policy.retries());
    TimeSource time = new TimeSource(call, call, random);
    Retrier retrier = Retrier.of(limits, time, InstantSource.system());
    try {
      return retrier.call(deadline -> call.fail(latency));
    } catch (FailedCallException expected) {
      return call.begins.build().toArray();
    }
  }

  private int[] fail(Duration latency) throws Exception {
    begins.add((int) millisTime());
    nanos += latency.toNanos();
    throw FAULT;
  }

  @Override
  public void sleep(Duration delay) {
    nanos += delay.toNanos();
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public long millisTime() {
    return Duration.ofNanos(nanos).toMillis();
  }
}
