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
  /** The limiter may have saved the permits of one second before the minute. */
  @Test
  void limiter_oneMinuteAndSavedPermits_staysWithinTheQuota() {
    assertThat(RateLimit.limiter(60_000).getRate() * (60 + 1)).isCloseTo(60_000, within(0.001));
  }

  @Test
  void acquire_stoppedWhileManyWait_takesOnePermit() throws Exception {
    AtomicInteger permits = new AtomicInteger();
    AtomicBoolean isRunning = new AtomicBoolean(true);
    CountDownLatch release = new CountDownLatch(1);
    RateLimit limit =
        RateLimit.of(1)
            .withLimiter(
                () -> {
                  permits.incrementAndGet();
                  Uninterruptibles.awaitUninterruptibly(release);
                });
    Thread[] waiting = new Thread[5];
    for (int i = 0; i < waiting.length; i++) {
      waiting[i] = new Thread(() -> limit.acquire(isRunning::get), "waiting-" + i);
      waiting[i].setDaemon(true);
      waiting[i].start();
    }
    while (permits.get() + limit.queue().getQueueLength() < waiting.length) {
      Thread.onSpinWait();
    }
    isRunning.set(false);
    release.countDown();
    for (Thread thread : waiting) {
      thread.join();
    }

    assertThat(permits).hasValue(1);
  }
}
