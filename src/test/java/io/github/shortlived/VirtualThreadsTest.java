package io.github.shortlived;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.internal.cache.CacheThreads;
import io.github.shortlived.internal.cache.TokenCache;
import io.github.shortlived.internal.cache.TokenRig;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.BearerToken;
import io.github.shortlived.model.TokenRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Virtual threads that wait leave their carrier threads to others. */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsTest {
  // More than the carriers that the JDK adds at most, 256 in all, while others are pinned.
  private static final int WAITERS = 600;

  private final CountDownLatch allCalled = new CountDownLatch(WAITERS);

  @SuppressWarnings("unchecked")
  private <T extends BearerToken> T load(TokenRequest<T> request, boolean refresh) {
    return (T) mint();
  }

  private AccessToken mint() {
    try {
      allCalled.await(); // Never opens if those who called hold on to all carriers.
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return new AccessToken("issued", Instant.EPOCH.plusSeconds(3600));
  }

  @Test
  @Timeout(120)
  void get_moreVirtualThreadsThanCarriers_allWaitOnOneRequest() throws Exception {
    try (Threads threads = new Threads()) {
      TokenCache cache =
          new TokenCache(
              10,
              this::load,
              new CacheThreads(threads.virtual, (task, delay) -> () -> {}, () -> {}),
              () -> Instant.EPOCH);
      TokenSource<AccessToken> source = new TokenSource<>(cache, TokenRig.REQUEST);
      List<Future<AccessToken>> tokens = new ArrayList<>();
      for (int i = 0; i < WAITERS; i++) {
        tokens.add(
            threads.virtual.submit(
                () -> {
                  allCalled.countDown();
                  return source.get();
                }));
      }
      for (Future<AccessToken> token : tokens) {
        assertThat(token.get()).isSameAs(source.get());
      }
    }
  }

  /** Virtual threads, which the release that this is compiled for does not name. */
  private static final class Threads implements AutoCloseable {
    final ExecutorService virtual;

    Threads() throws ReflectiveOperationException {
      virtual =
          (ExecutorService)
              Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }

    @Override
    public void close() {
      virtual.shutdownNow();
    }
  }
}
