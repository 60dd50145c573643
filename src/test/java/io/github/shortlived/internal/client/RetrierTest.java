package io.github.shortlived.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.api.core.ApiClock;
import io.github.shortlived.internal.client.Retrier.Limits;
import io.github.shortlived.internal.client.Retrier.TimeSource;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.internal.failure.ServiceFailure;
import io.github.shortlived.internal.failure.SourceFailureException;
import io.grpc.Status;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetrierTest {
  private static final Duration INITIAL = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final Duration TOTAL = Duration.ofSeconds(60);
  private static final Limits LIMITS = new Limits(INITIAL, LONGEST, TOTAL, true);
  private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");
  private static final Duration ONE_MS = Duration.ofMillis(1);

  private final World world = new World();
  private final Retrier retrier = world.retrier(LIMITS);

  @Test
  void call_success_isMadeOnce() throws Exception {
    assertThat(retrier.call(world.attempt(0))).isEqualTo("done");
    assertThat(world.timeouts).hasSize(1);
  }

  @Test
  void call_transientFaults_isRetriedUntilItSucceeds() throws Exception {
    assertThat(retrier.call(world.attempt(3))).isEqualTo("done");
    assertThat(world.timeouts).hasSize(4);
  }

  @Test
  void call_permanentFailure_isMadeOnce() {
    IOException permanent = new IOException("Bad key");

    assertThatThrownBy(
            () -> retrier.call(deadline -> world.failing(deadline.remaining(), permanent)))
        .cause()
        .isSameAs(permanent);
    assertThat(world.timeouts).hasSize(1);
    assertThat(world.delays).isEmpty();
  }

  @Test
  void call_permanentFailureAfterATransientFault_stops() {
    IOException permanent = new IOException("Bad key");

    assertThatThrownBy(
            () ->
                retrier.call(
                    deadline ->
                        world.failing(
                            deadline.remaining(),
                            world.timeouts.isEmpty() ? new ConnectException() : permanent)))
        .cause()
        .isSameAs(permanent);
    assertThat(world.timeouts).hasSize(2);
  }

  @Test
  void within_secondStepOfACall_hasTheRemainingTime() throws Exception {
    Deadline deadline = retrier.deadline();
    world.nanos += TOTAL.minus(ONE_MS.multipliedBy(5)).toNanos();
    retrier.within(deadline).call(world.attempt(0));
    assertThat(world.timeouts).containsExactly(ONE_MS.multipliedBy(5));
  }

  @Test
  void call_ownRule_decidesWhatIsRetried() {
    IOException permanent = new IOException("Bad key");

    assertThatThrownBy(
            () ->
                retrier.call(
                    deadline -> world.failing(deadline.remaining(), permanent),
                    e -> world.timeouts.size() < 3))
        .cause()
        .isSameAs(permanent);
    assertThat(world.timeouts).hasSize(3);
  }

  @Test
  void call_repeatedFaults_throwsTheLastFailure() {
    List<Exception> failures = new ArrayList<>();

    assertThatThrownBy(
            () ->
                retrier.call(
                    deadline -> {
                      failures.add(new ConnectException("Refused"));
                      return world.failing(deadline.remaining(), failures.get(failures.size() - 1));
                    }))
        .cause()
        .isSameAs(failures.get(failures.size() - 1));
    assertThat(failures).hasSizeGreaterThan(5);
  }

  @Test
  void call_repeatedFaults_eachDelayIsBelowADoublingBound() {
    assertThatThrownBy(() -> retrier.call(world.attempt(Integer.MAX_VALUE)))
        .hasCauseInstanceOf(ConnectException.class);

    assertThat(world.delays)
        .zipSatisfy(
            bounds(world.delays.size()),
            (delay, bound) -> assertThat(delay).isBetween(Duration.ZERO, bound));
  }

  @Test
  void call_conflictsOnly_delaysStayBelowASecond() {
    conflicts(20);

    assertThat(world.delays)
        .hasSize(20)
        .allSatisfy(delay -> assertThat(delay).isBetween(Duration.ZERO, Duration.ofSeconds(1)));
  }

  @Test
  void call_conflictsOnly_delaysGrow() {
    conflicts(20);

    // Below 200 ms each time only if the delays did not double.
    assertThat(world.delays).anyMatch(delay -> delay.compareTo(INITIAL.multipliedBy(2)) > 0);
  }

  @Test
  void call_faultsAfterConflicts_waitLongerAgain() {
    world.failure = call -> call < 10 ? conflict() : new ConnectException("Refused");

    assertThatThrownBy(
            () -> retrier.call(world.attempt(Integer.MAX_VALUE), RetrierTest::anyFailure))
        .hasCauseInstanceOf(ConnectException.class);
    assertThat(world.delays.subList(10, world.delays.size()))
        .anyMatch(delay -> delay.compareTo(Duration.ofSeconds(1)) > 0);
    assertThat(world.elapsed()).isLessThanOrEqualTo(TOTAL);
  }

  @Test
  void call_conflictsUnderAShorterPolicy_haveItsDelays() {
    Duration longest = Duration.ofMillis(5);
    Retrier quick = world.retrier(new Limits(longest, longest, TOTAL, true));
    world.failure = call -> conflict();

    assertThat(call(quick, 20)).isEqualTo("done");
    assertThat(world.delays)
        .hasSize(20)
        .allSatisfy(delay -> assertThat(delay).isBetween(Duration.ZERO, longest));
  }

  /** Makes a call with this many conflicts. */
  private void conflicts(int count) {
    world.failure = call -> conflict();
    assertThat(call(retrier, count)).isEqualTo("done");
  }

  private String call(Retrier retrier, int failures) {
    try {
      return retrier.call(world.attempt(failures), RetrierTest::anyFailure);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static boolean anyFailure(ServiceFailure failure) {
    return failure != null;
  }

  private static Exception conflict() {
    return Status.ABORTED.withDescription("Overtaken").asRuntimeException();
  }

  @Test
  void call_repeatedFaults_delaysGrow() {
    List<Duration> fifthDelays =
        IntStream.range(0, 50).mapToObj(i -> delaysOfOneCall().get(4)).toList();

    // Below 100 ms each time only if the fifth delay were drawn from the first's range.
    assertThat(fifthDelays).anyMatch(delay -> delay.compareTo(INITIAL) > 0);
  }

  @Test
  void call_repeatedFaults_delaysAreRandom() {
    assertThat(delaysOfOneCall().subList(0, 5)).isNotEqualTo(delaysOfOneCall().subList(0, 5));
  }

  @Test
  void call_repeatedFaults_stopsWithinTheTotalTimeout() {
    assertThatThrownBy(() -> retrier.call(world.attempt(Integer.MAX_VALUE)))
        .hasCauseInstanceOf(ConnectException.class);

    assertThat(world.elapsed()).isLessThanOrEqualTo(TOTAL);
  }

  @Test
  void call_repeatedFaults_continuesForMostOfTheTotalTimeout() {
    assertThatThrownBy(() -> retrier.call(world.attempt(Integer.MAX_VALUE)))
        .hasCauseInstanceOf(ConnectException.class);

    assertThat(world.elapsed()).isGreaterThan(TOTAL.minus(LONGEST));
  }

  @Test
  void call_slowAttempts_getTheRemainingTime() {
    world.duration = Duration.ofSeconds(25);

    assertThatThrownBy(() -> retrier.call(world.attempt(Integer.MAX_VALUE)))
        .hasCauseInstanceOf(ConnectException.class);
    assertThat(world.timeouts).hasSize(3).first().isEqualTo(TOTAL);
    assertThat(world.left)
        .zipSatisfy(world.timeouts, (left, timeout) -> assertThat(timeout).isBetween(ONE_MS, left));
  }

  @Test
  void call_attemptAsLongAsTheTotalTimeout_isNotRetried() {
    world.duration = TOTAL;

    assertThatThrownBy(() -> retrier.call(world.attempt(Integer.MAX_VALUE)))
        .hasCauseInstanceOf(ConnectException.class);
    assertThat(world.timeouts).hasSize(1);
  }

  @Test
  void call_deadlineDuringAnAttempt_throwsTheFailureBefore() {
    ConnectException refused = new ConnectException("Refused");
    TimeoutException cutOff = new TimeoutException("Cut off");

    assertThatThrownBy(() -> retrier.call(deadline -> refusedThen(cutOff, refused)))
        .cause()
        .isSameAs(refused)
        .hasSuppressedException(cutOff);
    assertThat(world.timeouts).hasSize(2);
  }

  @Test
  void call_deadlineDuringTheRenewal_throwsThat() {
    TimeoutException cutOff = new TimeoutException("Cut off");
    SourceFailureException late = new SourceFailureException(cutOff);
    FailedCallException refused =
        refusal(
            deadline -> {
              world.nanos += TOTAL.toNanos();
              throw late;
            });

    assertThatThrownBy(() -> retrier.call(deadline -> world.failing(TOTAL, refused)))
        .cause()
        .isSameAs(late);
  }

  @Test
  void call_renewalWithRepeatedFaults_isRetriedAfterDelays() {
    SourceFailureException down = new SourceFailureException(new ConnectException("Refused"));
    FailedCallException refused =
        refusal(
            deadline -> {
              throw down;
            });

    assertThatThrownBy(() -> retrier.call(deadline -> world.failing(TOTAL, refused)))
        .cause()
        .isSameAs(down);
    assertThat(world.delays).hasSizeBetween(3, 200);
    assertThat(world.elapsed()).isLessThanOrEqualTo(TOTAL);
  }

  @Test
  void call_permanentFailureOfTheLastAttempt_throwsThat() {
    ConnectException refused = new ConnectException("Refused");
    IOException lasting = new IOException("Bad key");

    assertThatThrownBy(() -> retrier.call(deadline -> refusedThen(lasting, refused)))
        .cause()
        .isSameAs(lasting)
        .hasNoSuppressedExceptions();
  }

  @Test
  void call_deadlineDuringTheFirstAttempt_throwsThat() {
    world.duration = TOTAL;
    TimeoutException cutOff = new TimeoutException("Cut off");

    assertThatThrownBy(() -> retrier.call(deadline -> world.failing(TOTAL, cutOff)))
        .cause()
        .isSameAs(cutOff);
  }

  /** Fails a short attempt, and then one that lasts until the deadline. */
  private String refusedThen(Exception last, Exception first) throws Exception {
    if (world.timeouts.isEmpty()) {
      return world.failing(TOTAL, first);
    }
    world.duration = TOTAL;
    return world.failing(TOTAL, last);
  }

  @Test
  void call_interruptedDuringTheDelay_throwsTheFailureAndKeepsTheStatus() {
    ConnectException failure = new ConnectException("Refused");
    Retrier interrupted =
        Retrier.of(
            LIMITS,
            new TimeSource(
                world,
                delay -> {
                  throw new InterruptedException();
                },
                World::chance),
            InstantSource.fixed(NOON));

    assertThatThrownBy(
            () -> interrupted.call(deadline -> world.failing(deadline.remaining(), failure)))
        .cause()
        .isSameAs(failure);
    assertThat(world.timeouts).hasSize(1);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void pause_interrupted_returnsAtOnceAndKeepsTheStatus() {
    Thread.currentThread().interrupt();
    Retrier.pause(Duration.ofDays(1));
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void call_withoutRetries_isMadeOnce() {
    Retrier once = Retrier.of(INITIAL, LONGEST, TOTAL, false, InstantSource.system());

    assertThatThrownBy(() -> once.call(world.attempt(1)))
        .hasCauseInstanceOf(ConnectException.class);
    assertThat(world.timeouts)
        .singleElement()
        .satisfies(timeout -> assertThat(timeout).isBetween(ONE_MS, TOTAL));
  }

  @Test
  void call_repeatedFaults_delaysReachFromZeroToTheBound() {
    assertThat(delays(below -> 0)).hasSize(9).containsOnly(Duration.ZERO);
    assertThat(delays(below -> below - 1)).isEqualTo(bounds(9));
  }

  /** The delays of a call that fails nine times. */
  private static List<Duration> delays(LongUnaryOperator random) {
    World fresh = new World();
    fresh.random = random;
    try {
      String unused = fresh.retrier(LIMITS).call(fresh.attempt(9));
    } catch (FailedCallException e) {
      throw new AssertionError(e);
    }
    return fresh.delays;
  }

  @Test
  void call_serverRetryDelay_isTheShortestDelay() {
    world.failure = call -> busy("7");
    assertThat(call(retrier, 3)).isEqualTo("done");

    assertThat(world.delays)
        .hasSize(3)
        .allSatisfy(delay -> assertThat(delay).isGreaterThanOrEqualTo(Duration.ofSeconds(7)))
        .anySatisfy(delay -> assertThat(delay).isGreaterThan(Duration.ofSeconds(7)));
  }

  @Test
  void call_retryAfterDate_waitsUntilThen() {
    world.random = below -> 0;
    world.failure = call -> busy("Tue, 01 Jan 2030 12:00:09 GMT");
    assertThat(call(atNoon(), 1)).isEqualTo("done");

    assertThat(world.delays).containsExactly(Duration.ofSeconds(9));
  }

  @Test
  void call_retryDelayJustBelowTheTimeout_hasNoJitter() {
    world.random = below -> below - 1;
    world.failure = call -> busy("59");
    Retrier slow = world.retrier(new Limits(LONGEST, LONGEST, TOTAL, true));
    assertThat(call(slow, 1)).isEqualTo("done");

    assertThat(world.delays).containsExactly(Duration.ofSeconds(59));
  }

  @Test
  void call_retryDelayBeyondTheTotalTimeout_failsAtOnce() {
    world.failure = call -> busy("60");

    assertThatThrownBy(() -> retrier.call(world.attempt(1)))
        .isInstanceOfSatisfying(
            FailedCallException.class,
            e -> {
              assertThat(attempts(e).excessiveDelay()).isEqualTo(Duration.ofSeconds(60));
              assertThat(attempts(e).count()).isOne();
              assertThat(attempts(e).elapsed()).isZero();
            });
    assertThat(world.delays).isEmpty();
  }

  @Test
  void call_permanentFailure_hasNoExcessiveDelay() {
    world.failure =
        call ->
            new HttpResponseException.Builder(404, "", new HttpHeaders().setRetryAfter("60"))
                .build();

    assertThatThrownBy(() -> retrier.call(world.attempt(1)))
        .isInstanceOfSatisfying(
            FailedCallException.class, e -> assertThat(attempts(e).excessiveDelay()).isZero());
  }

  @Test
  void call_repeatedFaults_countsAttemptsAndTime() {
    world.duration = Duration.ofSeconds(25);

    assertThatThrownBy(() -> atNoon().call(world.attempt(Integer.MAX_VALUE)))
        .isInstanceOfSatisfying(
            FailedCallException.class,
            e -> {
              assertThat(attempts(e).count()).isEqualTo(3);
              assertThat(attempts(e).elapsed()).isEqualTo(world.elapsed());
              assertThat(attempts(e).excessiveDelay()).isZero();
              assertThat(attempts(e).end()).isEqualTo(NOON);
            });
  }

  @Test
  void call_everyAttempt_hasTheSameDeadline() throws Exception {
    List<Deadline> deadlines = new ArrayList<>();
    String unused =
        retrier.call(
            deadline -> {
              deadlines.add(deadline);
              return world.attempt(3).call(deadline);
            });

    assertThat(deadlines).hasSize(4).containsOnly(deadlines.get(0));
  }

  @Test
  void observedBy_retries_areReportedBeforeTheDelay() {
    List<String> reported = new ArrayList<>();
    world.random = below -> below - 1;
    Retrier observed =
        retrier.observedBy(
            (attempt, delay, failure) ->
                reported.add(
                    attempt
                        + " "
                        + delay
                        + " "
                        + Objects.requireNonNull(failure.getCause()).getMessage()
                        + " "
                        + world.delays));
    assertThat(call(observed, 2)).isEqualTo("done");

    assertThat(reported).containsExactly("1 PT0.1S Refused []", "2 PT0.2S Refused [PT0.1S]");
  }

  @Test
  void observedBy_lastFailure_isNotReported() {
    List<Integer> reported = new ArrayList<>();
    Retrier observed = retrier.observedBy((attempt, delay, failure) -> reported.add(attempt));
    world.failure = call -> call == 0 ? new ConnectException() : new IOException("Bad key");
    assertThatThrownBy(() -> observed.call(world.attempt(2))).hasMessageContaining("Bad key");

    assertThat(reported).containsExactly(1);
  }

  @Test
  void call_sourceTokenRejected_isRenewedOnceWithoutDelay() {
    Renewals renewals = new Renewals();
    world.failure = call -> renewals.refusal();

    assertThatThrownBy(() -> retrier.call(world.attempt(5)))
        .isInstanceOfSatisfying(
            FailedCallException.class, e -> assertThat(attempts(e).count()).isEqualTo(2))
        .hasRootCauseMessage("UNAUTHENTICATED");
    assertThat(renewals.made).isOne();
    assertThat(world.delays).containsExactly(Duration.ZERO);
  }

  @Test
  void call_sourceTokenRejectedOnce_succeedsWithTheNext() {
    Renewals renewals = new Renewals();
    world.failure = call -> renewals.refusal();

    assertThat(call(retrier, 1)).isEqualTo("done");
    assertThat(renewals.made).isOne();
  }

  @Test
  void call_faultDuringTheRenewal_isRetried() {
    Renewals renewals = new Renewals();
    renewals.faults.add(new SourceFailureException(new ConnectException("Refused")));
    world.failure = call -> renewals.refusal();

    assertThat(call(retrier, 1)).isEqualTo("done");
    assertThat(renewals.made).isEqualTo(2);
  }

  @Test
  void call_tokenThatCannotBeRenewed_throwsTheRejection() {
    Renewals renewals = new Renewals();
    renewals.faults.add(new SourceFailureException(new IllegalStateException("No refresh token")));
    world.failure = call -> renewals.refusal();

    assertThatThrownBy(() -> retrier.call(world.attempt(1)))
        .isInstanceOf(FailedCallException.class)
        .hasRootCauseMessage("UNAUTHENTICATED");
    assertThat(world.timeouts).hasSize(1);
  }

  @Test
  void call_withoutRetries_renewsNothing() {
    Renewals renewals = new Renewals();
    world.failure = call -> renewals.refusal();
    Retrier once = world.retrier(new Limits(INITIAL, LONGEST, TOTAL, false));

    assertThatThrownBy(() -> once.call(world.attempt(1))).isInstanceOf(FailedCallException.class);
    assertThat(renewals.made).isZero();
  }

  private static HttpResponseException busy(String retryAfter) {
    return new HttpResponseException.Builder(
            503, "Busy", new HttpHeaders().setRetryAfter(retryAfter))
        .build();
  }

  /** Counts the renewals of a source token, after the faults in the queue. */
  private static final class Renewals {
    private final Deque<SourceFailureException> faults = new ArrayDeque<>();
    private int made;

    FailedCallException refusal() {
      return RetrierTest.refusal(deadline -> renew());
    }

    private void renew() throws SourceFailureException {
      made++;
      if (!faults.isEmpty()) {
        throw faults.remove();
      }
    }
  }

  private static FailedCallException refusal(FailedCallException.Renewal renewal) {
    return FailedCallException.of(
            "iam.example.com", "getIamPolicy", Status.UNAUTHENTICATED.asRuntimeException())
        .withRenewal(renewal);
  }

  private static ServiceFailure.Attempts attempts(FailedCallException failed) {
    return failed.failure().attempts();
  }

  private Retrier atNoon() {
    return Retrier.of(LIMITS, world.time(), InstantSource.fixed(NOON));
  }

  private static List<Duration> delaysOfOneCall() {
    World fresh = new World();
    Retrier retrier = fresh.retrier(LIMITS);
    assertThatThrownBy(() -> retrier.call(fresh.attempt(Integer.MAX_VALUE)))
        .hasCauseInstanceOf(ConnectException.class);
    return fresh.delays;
  }

  private static List<Duration> bounds(int count) {
    List<Duration> bounds = new ArrayList<>();
    Duration bound = INITIAL;
    for (int i = 0; i < count; i++) {
      bounds.add(bound);
      bound = bound.multipliedBy(2).compareTo(LONGEST) < 0 ? bound.multipliedBy(2) : LONGEST;
    }
    return bounds;
  }

  /** A clock that delays and attempts advance; records the timeout of each attempt. */
  private static final class World implements ApiClock {
    private final List<Duration> timeouts = new ArrayList<>();
    private final List<Duration> delays = new ArrayList<>();
    private final List<Duration> left = new ArrayList<>();
    private Duration duration = Duration.ZERO;
    private LongUnaryOperator random = World::chance;
    private IntFunction<Exception> failure = call -> new ConnectException("Refused");
    private long nanos = 1_000_000_000_000L;

    Duration elapsed() {
      return Duration.ofNanos(nanos - 1_000_000_000_000L);
    }

    Retrier retrier(Limits limits) {
      return Retrier.of(limits, time(), () -> Instant.ofEpochMilli(millisTime()));
    }

    TimeSource time() {
      return new TimeSource(this, this::sleep, below -> random.applyAsLong(below));
    }

    static long chance(long below) {
      return ThreadLocalRandom.current().nextLong(below);
    }

    void sleep(Duration delay) {
      delays.add(delay);
      nanos += delay.toNanos();
    }

    /** Fails with a transient fault this many times, then succeeds. */
    Retrier.Attempt<String> attempt(int failures) {
      return deadline -> {
        Duration timeout = deadline.remaining();
        if (timeouts.size() < failures) {
          return failing(timeout, failure.apply(timeouts.size()));
        }
        timeouts.add(timeout);
        return "done";
      };
    }

    String failing(Duration timeout, Exception failure) throws Exception {
      timeouts.add(timeout);
      left.add(TOTAL.minus(elapsed()));
      nanos += duration.toNanos();
      throw failure;
    }

    @Override
    public long nanoTime() {
      return nanos;
    }

    @Override
    public long millisTime() {
      return nanos / 1_000_000;
    }
  }
}
