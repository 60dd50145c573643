package io.github.shortlived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.Uninterruptibles;
import io.github.shortlived.BulkIssuer.Outcome;
import io.github.shortlived.internal.cache.TokenRig;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.CredentialRequest;
import java.time.Instant;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Checks how many requests are in flight. */
@Timeout(60) // A lost outcome must not stall the build.
class BulkRunTest {
  private static final int CONCURRENCY = 3;

  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger maxInFlight = new AtomicInteger();
  private final CyclicBarrier together = new CyclicBarrier(CONCURRENCY);

  private static Iterator<AccessTokenRequest> requests(int count) {
    return IntStream.range(0, count).mapToObj(i -> TokenRig.REQUEST).iterator();
  }

  /** Returns once three threads call this at the same time. */
  private Outcome<AccessToken> issueTogether(
      CredentialRequest<AccessToken> request, BooleanSupplier isRunning) {
    maxInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
    try {
      together.await();
      return new Outcome.Issued<>(request, new AccessToken("token", Instant.EPOCH));
    } catch (Exception e) {
      throw new AssertionError(e);
    } finally {
      inFlight.decrementAndGet();
    }
  }

  @Test
  void next_manyRequests_runsAsManyAtATimeAsTheConcurrency() {
    BulkRun<AccessToken> run = new BulkRun<>(requests(30), CONCURRENCY, this::issueTogether);

    assertThat(ImmutableList.copyOf(run)).hasSize(30);
    assertThat(maxInFlight).hasValue(CONCURRENCY);
  }

  @Test
  void next_interrupted_stopsTheRun() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    CompletableFuture<Boolean> wasRunning = new CompletableFuture<>();
    BulkRun<AccessToken> run =
        new BulkRun<>(
            requests(1),
            1,
            (request, isRunning) -> {
              begun.countDown();
              Uninterruptibles.awaitUninterruptibly(end);
              wasRunning.complete(isRunning.getAsBoolean());
              return new Outcome.Issued<>(request, new AccessToken("token", Instant.EPOCH));
            });
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(run::next).isInstanceOf(Unavailable.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    begun.await();
    end.countDown();

    assertThat(wasRunning.get()).isFalse();
  }

  @Test
  void next_requestThrowsAnError_throwsIt() {
    StackOverflowError deep = new StackOverflowError("Deep");
    BulkRun<AccessToken> run =
        new BulkRun<>(
            requests(1),
            CONCURRENCY,
            (request, isRunning) -> {
              throw deep;
            });

    assertThatThrownBy(run::next).isSameAs(deep);
  }
}
