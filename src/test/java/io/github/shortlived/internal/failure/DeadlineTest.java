package io.github.shortlived.internal.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.core.NanoClock;
import io.github.shortlived.StoppedClock;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeadlineTest {
  private static final Deadline LATER =
      Deadline.after(Duration.ofDays(1), NanoClock.getDefaultClock());

  @AfterEach
  void clearStatus() {
    Thread.interrupted();
  }

  static Stream<Exception> interruptions() {
    return Stream.of(
            new InterruptedException(),
            new ClosedByInterruptException(),
            new InterruptedIOException())
        .map(cause -> new IOException("Failed", cause));
  }

  @ParameterizedTest
  @MethodSource("interruptions")
  void await_failureByTheInterruption_saysSo(Exception failure) {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> LATER.await(CompletableFuture.failedFuture(failure)))
        .isInstanceOf(CancellationException.class)
        .hasMessage("Interrupted before the result arrived");
    assertThat(Thread.interrupted()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("interruptions")
  void await_interruptionOfAnotherThread_isAFailure(Exception failure) {
    assertThatThrownBy(() -> LATER.await(CompletableFuture.failedFuture(failure)))
        .isInstanceOf(ExecutionException.class)
        .hasCause(failure);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void checkNotInterrupted_anotherFailure_accepted() {
    Thread.currentThread().interrupt();

    assertThatCode(() -> Deadline.checkNotInterrupted(new IOException("Bad key")))
        .doesNotThrowAnyException();
    assertThatCode(() -> Deadline.checkNotInterrupted(new SocketTimeoutException()))
        .doesNotThrowAnyException();
  }

  @Test
  void timeoutMillis_longDeadline_leavesTimeForAnotherAttempt() {
    assertThat(LATER.timeoutMillis()).isEqualTo(20_000);
  }

  @Test
  void timeoutMillis_partOfAMillisecond_isRoundedUp() {
    Deadline soon = Deadline.after(Duration.ofNanos(7_000_001), new StoppedClock());
    assertThat(soon.timeoutMillis()).isEqualTo(8);
  }

  @Test
  void reason_timeout_isTheDeadlinesIfNoTimeRemains() {
    IOException timeout = new IOException("Failed", new SocketTimeoutException("Read timed out"));
    Deadline over = Deadline.after(Duration.ZERO, NanoClock.getDefaultClock());

    assertThat(LATER.reason(timeout, "Too late")).isSameAs(timeout);
    assertThat(over.reason(timeout, "Too late"))
        .isInstanceOf(TimeoutException.class)
        .hasMessage("Too late");
    IOException other = new IOException("Refused");
    assertThat(over.reason(other, "Too late")).isSameAs(other);
  }

  @ParameterizedTest
  @MethodSource("interruptions")
  void reason_interruption_isIt(Exception failure) {
    Thread.currentThread().interrupt();

    assertThat(LATER.reason(failure, "Too late")).isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
