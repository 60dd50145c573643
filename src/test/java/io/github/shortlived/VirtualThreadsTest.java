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

/** Checks that virtual threads that wait release their carrier threads. */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsTest {
  // More than 256, the maximum number of carriers, to which the JDK adds some for pinned ones.
  private static final int WAITERS = 600;

  private final CountDownLatch allCalled = new CountDownLatch(WAITERS);

  @SuppressWarnings("unchecked")
  private <T extends BearerToken> T load(TokenRequest<T> request, boolean refresh) {
    return (T) issue();
  }

  private AccessToken issue() {
    try {
      allCalled.await(); // It never opens if the callers block all carriers.
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

  /** Virtual threads, by reflection: the tests are compiled for Java 17. */
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
