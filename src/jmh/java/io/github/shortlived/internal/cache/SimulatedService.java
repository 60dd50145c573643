package io.github.shortlived.internal.cache;

import java.time.Duration;

/**
 * A service that admits a quota of requests in each minute, refuses the others, and fails during an
 * outage. It responds to each request after the same time.
 */
public final class SimulatedService {
  /** The requests that are admitted in a minute. */
  public static final int QUOTA = 60_000;

  static final Duration LATENCY = Duration.ofMillis(100);
  private static final int MINUTE = 60_000;

  private final int outageBegin;
  private final int outageEnd;
  private final int[] requests;
  private final int[] issued;
  private int refusesUntil;

  SimulatedService(Duration length, Duration outageBegin, Duration outage) {
    this.outageBegin = (int) outageBegin.toMillis();
    this.outageEnd = (int) outageBegin.plus(outage).toMillis();
    requests = new int[(int) length.toMinutes() + 2]; // A load may end after the length.
    issued = new int[requests.length];
  }

  /** Counts a request. Returns whether it gets a token. */
  boolean request(int time) {
    int minute = time / MINUTE;
    requests[minute]++;
    if (time >= outageBegin && time < outageEnd) {
      refusesUntil = outageEnd;
    } else if (issued[minute] == QUOTA) {
      refusesUntil = (minute + 1) * MINUTE;
    } else {
      issued[minute]++;
      return true;
    }
    return false;
  }

  /** Returns the time until which all requests are refused, after one that was. */
  int refusesUntil() {
    return refusesUntil;
  }

  /** Returns the number of requests in each minute. */
  public int[] requests() {
    return requests;
  }

  /** Returns the number of tokens in each minute. */
  public int[] issued() {
    return issued;
  }
}
