package io.github.shortlived.internal.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.core.NanoClock;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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
}
