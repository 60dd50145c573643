package io.github.shortlived.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60) // A lost call must not stall the build.
class DaemonCallsTest {
  private final DaemonCalls calls = new DaemonCalls("keys");

  @Test
  void execute_fromAnyThread_isOnADaemonOfTheName() throws Exception {
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    Thread caller =
        new Thread(() -> calls.execute(() -> thread.complete(Thread.currentThread())), "caller");
    caller.setDaemon(false); // Threads inherit this flag.
    caller.start();

    assertThat(thread.get().isDaemon()).isTrue();
    assertThat(thread.get().getName()).isEqualTo("keys");
  }

  @Test
  void submit_failure_isThatOfTheFuture() {
    IOException failure = new IOException("Refused");

    assertThatThrownBy(
            () ->
                calls
                    .submit(
                        () -> {
                          throw failure;
                        })
                    .get())
        .isInstanceOf(ExecutionException.class)
        .hasCause(failure);
  }
}
