package io.github.shortlived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.util.concurrent.Uninterruptibles;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60) // A lost thread must not stall the build.
class RateLimitTest {
  /** A second's worth may have been saved up before the minute. */
  @Test
  void limiter_aMinuteAndWhatWasSaved_letsThroughTheQuota() {
    assertThat(RateLimit.limiter(60_000).getRate() * (60 + 1)).isCloseTo(60_000, within(0.001));
  }

  @Test
  void acquire_stoppedWhileMany_oneTurnIsTaken() throws Exception {
    AtomicInteger turns = new AtomicInteger();
    AtomicBoolean goesOn = new AtomicBoolean(true);
    CountDownLatch mayEnd = new CountDownLatch(1);
    RateLimit limit =
        RateLimit.of(1)
            .withLimiter(
                () -> {
                  turns.incrementAndGet();
                  Uninterruptibles.awaitUninterruptibly(mayEnd);
                });
    Thread[] waiting = new Thread[5];
    for (int i = 0; i < waiting.length; i++) {
      waiting[i] = new Thread(() -> limit.acquire(goesOn::get), "waiting-" + i);
      waiting[i].setDaemon(true);
      waiting[i].start();
    }
    while (turns.get() + limit.queue().getQueueLength() < waiting.length) {
      Thread.onSpinWait();
    }
    goesOn.set(false);
    mayEnd.countDown();
    for (Thread thread : waiting) {
      thread.join();
    }

    assertThat(turns).hasValue(1);
  }
}
