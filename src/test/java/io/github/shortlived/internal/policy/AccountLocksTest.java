package io.github.shortlived.internal.policy;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.StoppedClock;
import io.github.shortlived.internal.failure.Deadline;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AccountLocksTest {
  private static final Deadline FAR = EmulatedPolicies.DEADLINE;
  private static final Deadline NOW = new Deadline(new StoppedClock(), 0);

  private final AccountLocks locks = new AccountLocks();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch busy = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);

  @AfterEach
  void close() {
    done.countDown();
    threads.shutdownNow();
  }

  @Test
  void runExclusively_manyThreads_runOneAtATime() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    Future<?>[] all = new Future<?>[16];
    for (int i = 0; i < all.length; i++) {
      all[i] =
          threads.submit(
              () -> {
                for (int n = 0; n < 100; n++) {
                  locks.runExclusively(TARGET, FAR, deadline -> alone(inside));
                }
                return null;
              });
    }
    for (Future<?> each : all) {
      each.get(); // An AssertionError of alone(..) is thrown here.
    }
    assertThat(inside.get()).isZero();
  }

  private static int alone(AtomicInteger inside) {
    assertThat(inside.incrementAndGet()).isEqualTo(1);
    return inside.decrementAndGet();
  }

  @Test
  void runExclusively_anotherAccount_doesNotWait() throws Exception {
    occupyTarget();
    String result = locks.runExclusively(CALLER, FAR, deadline -> "in");
    assertThat(result).isEqualTo("in");
  }

  @Test
  void runExclusively_failedAttempt_releasesTheLock() throws Exception {
    Future<?> failed =
        threads.submit(
            () ->
                locks.runExclusively(
                    TARGET,
                    FAR,
                    deadline -> {
                      throw new IllegalStateException("Broken");
                    }));
    assertThat(failed).failsWithin(Duration.ofMinutes(1));
    String result = locks.runExclusively(TARGET, FAR, deadline -> "in");
    assertThat(result).isEqualTo("in");
  }

  @Test
  void runExclusively_deadlineOver_makesTheCallThatFails() throws Exception {
    occupyTarget();
    Deadline given = locks.runExclusively(TARGET, NOW, deadline -> deadline);
    assertThat(given).isSameAs(NOW);
  }

  @Test
  void runExclusively_interrupted_makesTheCallAndKeepsTheStatus() throws Exception {
    occupyTarget();
    Thread.currentThread().interrupt();
    boolean interrupted = locks.runExclusively(TARGET, FAR, deadline -> Thread.interrupted());
    assertThat(interrupted).isTrue();
  }

  @Test
  void runExclusively_lockNotAcquired_leavesItToItsHolder() throws Exception {
    occupyTarget();
    locks.runExclusively(TARGET, NOW, deadline -> "without lock");
    AtomicInteger inside = new AtomicInteger();
    Future<Integer> next =
        threads.submit(
            () -> locks.runExclusively(TARGET, FAR, deadline -> inside.incrementAndGet()));
    locks.runExclusively(TARGET, NOW, deadline -> "without lock");
    assertThat(inside.get()).isZero();
    done.countDown();
    assertThat(next.get()).isEqualTo(1);
  }

  /** Lets another thread hold the lock of the target until {@code done}. */
  private void occupyTarget() throws InterruptedException {
    Future<Boolean> occupant =
        threads.submit(
            () ->
                locks.runExclusively(
                    TARGET,
                    FAR,
                    deadline -> {
                      busy.countDown();
                      done.await();
                      return true;
                    }));
    busy.await();
    assertThat(occupant).isNotDone();
  }
}
