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

/** How many requests are under way, whatever they do. */
@Timeout(60) // A lost outcome must not stall the build.
class BulkRunTest {
  private static final int CONCURRENCY = 3;

  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger mostUnderWay = new AtomicInteger();
  private final CyclicBarrier together = new CyclicBarrier(CONCURRENCY);

  private static Iterator<AccessTokenRequest> requests(int count) {
    return IntStream.range(0, count).mapToObj(i -> TokenRig.REQUEST).iterator();
  }

  /** Goes on once three do this at the same time. */
  private Outcome<AccessToken> meet(
      CredentialRequest<AccessToken> request, BooleanSupplier goesOn) {
    mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
    try {
      together.await();
      return new Outcome.Issued<>(request, new AccessToken("token", Instant.EPOCH));
    } catch (Exception e) {
      throw new AssertionError(e);
    } finally {
      underWay.decrementAndGet();
    }
  }

  @Test
  void next_manyRequests_runsAsManyAtATimeAsToldAndNoMore() {
    BulkRun<AccessToken> run = new BulkRun<>(requests(30), CONCURRENCY, this::meet);

    assertThat(ImmutableList.copyOf(run)).hasSize(30);
    assertThat(mostUnderWay).hasValue(CONCURRENCY);
  }

  @Test
  void next_interrupted_beginsNoMore() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    CompletableFuture<Boolean> wentOn = new CompletableFuture<>();
    BulkRun<AccessToken> run =
        new BulkRun<>(
            requests(1),
            1,
            (request, goesOn) -> {
              begun.countDown();
              Uninterruptibles.awaitUninterruptibly(end);
              wentOn.complete(goesOn.getAsBoolean());
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

    assertThat(wentOn.get()).isFalse();
  }

  @Test
  void next_requestDiesOfAnError_throwsIt() {
    StackOverflowError deep = new StackOverflowError("Deep");
    BulkRun<AccessToken> run =
        new BulkRun<>(
            requests(1),
            CONCURRENCY,
            (request, goesOn) -> {
              throw deep;
            });

    assertThatThrownBy(run::next).isSameAs(deep);
  }
}
