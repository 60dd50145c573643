package io.github.shortlived.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60) // Lost work must not stall the build.
class DaemonCallsTest {
  @Test
  void run_byWhomever_isOnADaemon() throws Exception {
    CompletableFuture<Thread> asked = new CompletableFuture<>();
    Thread asking =
        new Thread(() -> DaemonCalls.run(() -> asked.complete(Thread.currentThread())), "asking");
    asking.setDaemon(false); // It would be inherited.
    asking.start();

    assertThat(asked.get().isDaemon()).isTrue();
  }

  @Test
  void ask_failure_isTheAnswers() {
    IOException failure = new IOException("Refused");

    assertThatThrownBy(
            () ->
                DaemonCalls.submit(
                        () -> {
                          throw failure;
                        })
                    .get())
        .isInstanceOf(ExecutionException.class)
        .hasCause(failure);
  }
}
