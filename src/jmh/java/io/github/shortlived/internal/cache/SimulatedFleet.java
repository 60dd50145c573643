package io.github.shortlived.internal.cache;

import io.github.shortlived.RetryPolicy;
import io.github.shortlived.internal.client.FailingCall;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.Scopes;
import io.github.shortlived.model.ServiceAccount;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Processes that start within the same second, each with tokens of an hour for 100 identities,
 * which are read all the time. A run with the same arguments has the same result.
 */
public final class SimulatedFleet {
  public static final int IDENTITIES = 100;
  static final AccessTokenRequest REQUEST =
      AccessTokenRequest.of(
          ServiceAccount.of("target@p.iam.gserviceaccount.com"), Scopes.CLOUD_PLATFORM);
  private static final int START_MILLIS = 1_000;
  private static final int CALLS = 1_000;

  private final SplittableRandom random = new SplittableRandom(18);
  private final EventQueue events;
  private final SimulatedService service;
  private final int[][] calls; // When the attempts of failing loads begin.
  private final SimulatedToken[] identities;
  private int tokens;
  private int lastFirst;
  private int expired;
  private int longestWait;

  private SimulatedFleet(int processes, Duration length, SimulatedService service) {
    this.identities = new SimulatedToken[processes * IDENTITIES];
    this.events = new EventQueue(identities.length, length);
    this.service = service;
    this.calls =
        Stream.generate(
                () ->
                    FailingCall.attempts(
                        RetryPolicy.standard(), SimulatedService.LATENCY, random::nextLong))
            .limit(CALLS)
            .toArray(int[][]::new);
    for (int i = 0; i < processes; i++) {
      start(i, new SimulatedProcess(), random.nextInt(START_MILLIS));
    }
  }

  private void start(int number, SimulatedProcess process, int time) {
    for (int i = number * IDENTITIES; i < (number + 1) * IDENTITIES; i++) {
      identities[i] = new SimulatedToken(i, this, process, time);
    }
  }

  /**
   * What happened.
   *
   * @param requests the number of requests in each minute
   * @param issued the number of tokens in each minute
   * @param complete when the last token of the start arrived
   * @param expired how often a token expired before its successor arrived
   * @param longestWait the longest time between an expiry and the arrival of the successor
   */
  public record Result(
      int[] requests, int[] issued, Duration complete, int expired, Duration longestWait) {}

  /** Runs a simulation. */
  public static Result run(int processes, Duration length, Duration outageBegin, Duration outage) {
    SimulatedService service = new SimulatedService(length, outageBegin, outage);
    SimulatedFleet fleet = new SimulatedFleet(processes, length, service);
    fleet.events.run(i -> fleet.identities[i].wake());
    return new Result(
        service.requests(),
        service.issued(),
        Duration.ofMillis(fleet.lastFirst),
        fleet.expired,
        Duration.ofMillis(fleet.longestWait));
  }

  EventQueue events() {
    return events;
  }

  SimulatedService service() {
    return service;
  }

  double jitter() {
    return random.nextDouble();
  }

  /** Returns when the attempts of a load begin, in milliseconds, if all of them fail. */
  int[] attempts() {
    return calls[random.nextInt(CALLS)];
  }

  AccessToken newToken() {
    return new AccessToken("token-" + ++tokens, events.instant().plus(REQUEST.lifetime()));
  }

  /**
   * Records the arrival of a token.
   *
   * @param due the end of its predecessor, or the start of the process
   */
  void arrived(int due) {
    int wait = events.now() - due;
    if (due < START_MILLIS) {
      lastFirst = events.now();
    } else if (wait > 0) {
      expired++;
      longestWait = Math.max(longestWait, wait);
    }
  }
}
