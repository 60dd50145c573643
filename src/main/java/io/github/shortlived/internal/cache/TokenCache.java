package io.github.shortlived.internal.cache;

import com.google.common.collect.Comparators;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.model.BearerToken;
import io.github.shortlived.model.TokenRequest;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The engines of the requests that somebody makes. Bounded: where there are too many, those that
 * were not used for longest go, with their tokens. Thread-safe.
 */
public final class TokenCache {
  private static final int EVICTED_PART = 16;

  private final ConcurrentMap<TokenRequest<?>, RefreshingToken<?>> engines =
      new ConcurrentHashMap<>();
  private final LongAdder served = new LongAdder();
  private final ReentrantLock evicting = new ReentrantLock();
  private final int most;
  private final Surroundings around;
  private final Runnable stopThreads;
  private volatile boolean closed;

  /**
   * A cache of so many engines.
   *
   * @param around what the engines find around them
   * @param stopThreads ends the threads of its own that are among that
   */
  public TokenCache(int most, Surroundings around, Runnable stopThreads) {
    this.most = most;
    this.around = around;
    this.stopThreads = stopThreads;
  }

  /** A cache whose requests are made on the given executor, or on threads of its own. */
  public static TokenCache of(int most, InstantSource clock, @Nullable Executor given) {
    CacheThreads own = new CacheThreads();
    Executor executor = given == null ? own.requests() : given;
    return new TokenCache(
        most, new Surroundings(clock, executor, own::schedule, CacheThreads::jitter), own::stop);
  }

  /** The kept token, if there is one that the request takes: the hot path. */
  public @SuppressWarnings("unchecked") // An engine is kept under the request that it was made for.
  <T extends BearerToken> @Nullable T getIfUsable(TokenRequest<T> request) {
    RefreshingToken<?> engine = engines.get(request.cacheKey());
    T token = engine == null ? null : (T) engine.getIfUsable(request.minimumValidityMillis());
    if (token != null) {
      served.increment();
    }
    return token;
  }

  /** Whether to ask for it makes a request, be it one in the background. */
  public boolean costsRequest(TokenRequest<?> request) {
    RefreshingToken<?> engine = engines.get(request.cacheKey());
    return engine == null || engine.costsRequest(request.minimumValidityMillis());
  }

  /** How often a kept token was served, except by handles. */
  public long servedCount() {
    return served.sum();
  }

  /** The token; blocks where there is no usable one. */
  public <T extends BearerToken> T await(
      Recipe<T> recipe, long minimumValidityMillis, @Nullable Deadline deadline) {
    while (true) {
      RefreshingToken<T> engine = engine(recipe);
      T token = engine.await(minimumValidityMillis, deadline);
      if (token != null) {
        return token;
      }
      forget(engine);
    }
  }

  /** Makes way for the successor of an engine that was evicted, whoever is first to do so. */
  public void forget(RefreshingToken<?> evicted) {
    engines.remove(evicted.request(), evicted);
  }

  /** The one engine of this request. */
  public @SuppressWarnings("unchecked") // As above.
  <T extends BearerToken> RefreshingToken<T> engine(Recipe<T> recipe) {
    RefreshingToken<?> engine =
        engines.computeIfAbsent(recipe.request(), request -> new RefreshingToken<>(recipe, around));
    if (closed) { // Closing may have overlooked it.
      engine.close();
    }
    if (engines.size() > most) {
      evictOthersThan(engine);
    }
    return (RefreshingToken<T>) engine;
  }

  /** Drops this token of the request, if it is kept. */
  public @SuppressWarnings("unchecked") // As above.
  <T extends BearerToken> void invalidate(TokenRequest<T> request, T refused) {
    RefreshingToken<?> engine = engines.get(request);
    if (engine != null) {
      ((RefreshingToken<T>) engine).invalidate(refused);
    }
  }

  /** Drops the token that is kept for the request, if there is one. */
  public void invalidate(TokenRequest<?> request) {
    RefreshingToken<?> engine = engines.get(request.cacheKey());
    if (engine != null) {
      engine.invalidate();
    }
  }

  /** Drops all tokens and stops the threads; an executor that was given is left alone. */
  public void close() {
    closed = true;
    List.copyOf(engines.values()).forEach(RefreshingToken::close);
    stopThreads.run();
  }

  /** One thread makes room for some more; others need not wait for it. */
  private void evictOthersThan(RefreshingToken<?> wanted) {
    if (!evicting.tryLock()) {
      return;
    }
    try {
      int surplus = Math.max(0, engines.size() - most + most / EVICTED_PART);
      engines.values().stream()
          .filter(engine -> engine != wanted)
          .map(engine -> new Use(engine, engine.lastUse()))
          .collect(Comparators.least(surplus, Comparator.comparingLong(Use::last)))
          .forEach(use -> evict(use.engine()));
    } finally {
      evicting.unlock();
    }
  }

  private void evict(RefreshingToken<?> idle) {
    if (idle.evict()) {
      forget(idle);
    }
  }

  /** Read once: it must not change while it is sorted. */
  private record Use(RefreshingToken<?> engine, long last) {}
}
