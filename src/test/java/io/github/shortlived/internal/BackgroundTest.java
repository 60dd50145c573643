package io.github.shortlived.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60) // Lost work must not stall the build.
class BackgroundTest {
  @Test
  void ask_whoeverAsks_isAskedOnADaemon() throws Exception {
    Thread asked = Background.ask(Thread::currentThread).get();

    assertThat(Thread.currentThread().isDaemon()).as("inherited").isFalse();
    assertThat(asked.isDaemon()).isTrue();
  }

  @Test
  void ask_failure_isTheAnswers() {
    IOException failure = new IOException("Refused");

    assertThatThrownBy(
            () ->
                Background.ask(
                        () -> {
                          throw failure;
                        })
                    .get())
        .isInstanceOf(ExecutionException.class)
        .hasCause(failure);
  }
}
