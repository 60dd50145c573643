package io.github.shortlived.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.core.ApiClock;
import io.grpc.Status;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetrierTest {
  private static final Duration INITIAL = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final Duration TOTAL = Duration.ofSeconds(60);
  private static final Duration ONE_MS = Duration.ofMillis(1);

  private final World world = new World();
  private final Retrier retrier = retrier();

  @Test
  void call_success_isMadeOnce() throws Exception {
    assertThat(retrier.call(world.attempt(0))).isEqualTo("done");
    assertThat(world.timeouts).hasSize(1);
  }

  @Test
  void call_failingInPassing_isRepeatedUntilItSucceeds() throws Exception {
    assertThat(retrier.call(world.attempt(3))).isEqualTo("done");
    assertThat(world.timeouts).hasSize(4);
  }

  @Test
  void call_failingForGood_isMadeOnce() {
    IOException permanent = new IOException("Bad key");

    assertThatThrownBy(
            () -> retrier.call(deadline -> world.failing(deadline.remaining(), permanent)))
        .isSameAs(permanent);
    assertThat(world.timeouts).hasSize(1);
    assertThat(world.delays).isEmpty();
  }

  @Test
  void call_failingForGoodAfterAPassingFault_stopsThere() {
    IOException permanent = new IOException("Bad key");

    assertThatThrownBy(
            () ->
                retrier.call(
                    deadline ->
                        world.failing(
                            deadline.remaining(),
                            world.timeouts.isEmpty() ? new ConnectException() : permanent)))
        .isSameAs(permanent);
    assertThat(world.timeouts).hasSize(2);
  }

  @Test
  void call_rulesOfItsOwn_decideWhatIsRepeated() {
    IOException permanent = new IOException("Bad key");

    assertThatThrownBy(
            () ->
                retrier.call(
                    deadline -> world.failing(deadline.remaining(), permanent),
                    e -> world.timeouts.size() < 3))
        .isSameAs(permanent);
    assertThat(world.timeouts).hasSize(3);
  }

  @Test
  void call_failingOn_throwsTheLastFailure() {
    List<Exception> failures = new ArrayList<>();

    assertThatThrownBy(
            () ->
                retrier.call(
                    deadline -> {
                      failures.add(new ConnectException("Refused"));
                      return world.failing(deadline.remaining(), failures.get(failures.size() - 1));
                    }))
        .isSameAs(failures.get(failures.size() - 1));
    assertThat(failures).hasSizeGreaterThan(5);
  }

  @Test
  void call_failingOn_eachDelayIsBelowADoublingBound() {
    assertThatThrownBy(() -> retrier.call(world.attempt(Integer.MAX_VALUE)))
        .isInstanceOf(ConnectException.class);

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
        .isInstanceOf(ConnectException.class);
    assertThat(world.delays.subList(10, world.delays.size()))
        .anyMatch(delay -> delay.compareTo(Duration.ofSeconds(1)) > 0);
    assertThat(world.elapsed()).isLessThanOrEqualTo(TOTAL);
  }

  @Test
  void call_conflictsUnderAShorterPolicy_keepToItsDelays() {
    Duration longest = Duration.ofMillis(5);
    Retrier quick = Retrier.of(Retrier.settings(longest, longest, TOTAL), world, world::sleep);
    world.failure = call -> conflict();

    assertThat(call(quick, 20)).isEqualTo("done");
    assertThat(world.delays)
        .hasSize(20)
        .allSatisfy(delay -> assertThat(delay).isBetween(Duration.ZERO, longest));
  }

  /** Repeats that many conflicts. */
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

  private static boolean anyFailure(Exception failure) {
    return failure != null;
  }

  private static Exception conflict() {
    return Status.ABORTED.withDescription("Overtaken").asRuntimeException();
  }

  @Test
  void call_failingOn_delaysGrow() {
    List<Duration> fifthDelays =
        IntStream.range(0, 50).mapToObj(i -> delaysOfOneCall().get(4)).toList();

    // Below 100 ms each time only if the fifth delay were drawn from the first's range.
    assertThat(fifthDelays).anyMatch(delay -> delay.compareTo(INITIAL) > 0);
  }

  @Test
  void call_failingOn_delaysAreRandom() {
    assertThat(delaysOfOneCall().subList(0, 5)).isNotEqualTo(delaysOfOneCall().subList(0, 5));
  }

  @Test
  void call_failingOn_endsWithinTheTotalTimeout() {
    assertThatThrownBy(() -> retrier.call(world.attempt(Integer.MAX_VALUE)))
        .isInstanceOf(ConnectException.class);

    assertThat(world.elapsed()).isLessThanOrEqualTo(TOTAL);
  }

  @Test
  void call_failingOn_goesOnForMostOfTheTotalTimeout() {
    assertThatThrownBy(() -> retrier.call(world.attempt(Integer.MAX_VALUE)))
        .isInstanceOf(ConnectException.class);

    assertThat(world.elapsed()).isGreaterThan(TOTAL.minus(LONGEST));
  }

  @Test
  void call_slowAttempts_neverGetMoreTimeThanIsLeft() {
    world.duration = Duration.ofSeconds(25);

    assertThatThrownBy(() -> retrier.call(world.attempt(Integer.MAX_VALUE)))
        .isInstanceOf(ConnectException.class);
    assertThat(world.timeouts).hasSize(3).first().isEqualTo(TOTAL);
    assertThat(world.left)
        .zipSatisfy(world.timeouts, (left, timeout) -> assertThat(timeout).isBetween(ONE_MS, left));
  }

  @Test
  void call_oneAttemptAsLongAsTheTotalTimeout_isNotRepeated() {
    world.duration = TOTAL;

    assertThatThrownBy(() -> retrier.call(world.attempt(Integer.MAX_VALUE)))
        .isInstanceOf(ConnectException.class);
    assertThat(world.timeouts).hasSize(1);
  }

  @Test
  void call_interruptedWhileWaiting_throwsTheFailureAndKeepsTheFlag() {
    ConnectException failure = new ConnectException("Refused");
    Retrier interrupted =
        Retrier.of(
            Retrier.settings(INITIAL, LONGEST, TOTAL),
            world,
            delay -> {
              throw new InterruptedException();
            });

    assertThatThrownBy(
            () -> interrupted.call(deadline -> world.failing(deadline.remaining(), failure)))
        .isSameAs(failure);
    assertThat(world.timeouts).hasSize(1);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void pause_interrupted_endsAtOnceAndKeepsTheFlag() {
    Thread.currentThread().interrupt();
    Retrier.pause(Duration.ofDays(1));
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void call_withoutRetries_isMadeOnce() {
    Retrier once = Retrier.of(INITIAL, LONGEST, TOTAL, false);

    assertThatThrownBy(() -> once.call(world.attempt(1))).isInstanceOf(ConnectException.class);
    assertThat(world.timeouts)
        .singleElement()
        .satisfies(timeout -> assertThat(timeout).isBetween(ONE_MS, TOTAL));
  }

  private Retrier retrier() {
    return Retrier.of(Retrier.settings(INITIAL, LONGEST, TOTAL), world, world::sleep);
  }

  private static List<Duration> delaysOfOneCall() {
    World fresh = new World();
    Retrier retrier = Retrier.of(Retrier.settings(INITIAL, LONGEST, TOTAL), fresh, fresh::sleep);
    assertThatThrownBy(() -> retrier.call(fresh.attempt(Integer.MAX_VALUE)))
        .isInstanceOf(ConnectException.class);
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

  /** A clock that waiting and working advance; it keeps what every attempt was given. */
  private static final class World implements ApiClock {
    private final List<Duration> timeouts = new ArrayList<>();
    private final List<Duration> delays = new ArrayList<>();
    private final List<Duration> left = new ArrayList<>();
    private Duration duration = Duration.ZERO;
    private IntFunction<Exception> failure = call -> new ConnectException("Refused");
    private long nanos = 1_000_000_000_000L;

    Duration elapsed() {
      return Duration.ofNanos(nanos - 1_000_000_000_000L);
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
