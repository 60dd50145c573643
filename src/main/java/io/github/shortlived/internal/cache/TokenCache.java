package io.github.shortlived.internal.cache;

import com.google.common.collect.Comparators;
import io.github.shortlived.internal.cache.CachedToken.Scheduled;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.model.BearerToken;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.TokenRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A bounded cache of tokens by request. If it is full, the tokens that were not used for the
 * longest time are evicted. Thread-safe.
 */
public final class TokenCache {
  // Evicts a sixteenth of the cache at once, so that a full cache does not evict on every call.
  private static final int EVICTED_DIVISOR = 16;

  private final ConcurrentMap<TokenRequest<?>, RefreshingToken<?>> tokens =
      new ConcurrentHashMap<>();
  private final LongAdder hits = new LongAdder();
  private final ReentrantLock evicting = new ReentrantLock();
  private final int maxTokens;
  private final TokenLoader loader;
  private final Executor executor;
  private final CacheThreads.Timer timer;
  private final Runnable stopThreads;
  private final InstantSource clock;
  private final DoubleSupplier jitter;
  private volatile boolean closed;

  /** Creates a cache with random jitter. */
  public TokenCache(int maxTokens, TokenLoader loader, CacheThreads threads, InstantSource clock) {
    this(maxTokens, loader, threads, clock, TokenCache::randomJitter);
  }

  /**
   * Creates a cache.
   *
   * @param clock the clock for the expiry of tokens
   * @param jitter random numbers from 0 to 1
   */
  TokenCache(
      int maxTokens,
      TokenLoader loader,
      CacheThreads threads,
      InstantSource clock,
      DoubleSupplier jitter) {
    this.maxTokens = maxTokens;
    this.loader = loader;
    this.executor = threads.executor();
    this.timer = threads.timer();
    this.stopThreads = threads.stop();
    this.clock = clock;
    this.jitter = jitter;
  }

  /**
   * Returns a token that has just arrived.
   *
   * @throws CredentialException if it has expired
   */
  public static <T extends BearerToken> T requireNotExpired(
      T token, TokenRequest<?> request, Instant now) {
    // In milliseconds, like RefreshSchedule.
    if (token.expireTime().toEpochMilli() <= now.toEpochMilli()) {
      throw InternalExceptions.expiredOnArrival(
          "The token for %s was already expired on arrival (expiry %s, local clock %s). Check this machine's clock."
              .formatted(request, token.expireTime(), now));
    }
    return token;
  }

  static double randomJitter() {
    return ThreadLocalRandom.current().nextDouble();
  }

  /** Returns the cached token if the request accepts it. This is the hot path. */
  @SuppressWarnings("unchecked") // A token is cached under its request.
  public <T extends BearerToken> @Nullable T getIfUsable(TokenRequest<T> request) {
    RefreshingToken<?> cached = tokens.get(request.cacheKey());
    T token = cached == null ? null : (T) cached.getIfUsable(request.minimumValidityMillis());
    if (token != null) {
      hits.increment();
    }
    return token;
  }

  /** Returns whether the request now needs a load, be it a background refresh. */
  public boolean needsLoad(TokenRequest<?> request) {
    RefreshingToken<?> cached = tokens.get(request.cacheKey());
    return cached == null || cached.needsLoad(request.minimumValidityMillis());
  }

  /** Returns how often {@link #getIfUsable} returned a token. */
  public long hitCount() {
    return hits.sum();
  }

  /** Supplies the {@link #hitCount} without a reference to the cache. */
  public LongSupplier hits() {
    return hits::sum;
  }

  /**
   * Loads a token that the request accepts, or waits for the load in flight. Blocks until the load
   * ends or the deadline, if there is one, expires. Loads a fresh request on the calling thread.
   */
  public <T extends BearerToken> T load(TokenRequest<T> request, @Nullable Deadline deadline) {
    if (request.isFresh()) {
      return get(request).loadFresh();
    }
    for (boolean retried = false; ; ) {
      RefreshingToken<T> token = get(request);
      CompletableFuture<Supplier<Scheduled<T>>> load = token.join(request.minimumValidityMillis());
      if (load == null) { // Evicted in the meantime.
        remove(token);
        continue;
      }
      await(load, deadline, token);
      T loaded = token.tokenOf(load, request.minimumValidityMillis(), retried);
      if (loaded != null) {
        return loaded;
      }
      retried = true;
    }
  }

  /**
   * Loads like {@link #load}, without blocking: calls back at once if the cache is closed,
   * otherwise on the executor, or on the loading thread if the executor rejects that.
   *
   * @param callback gets a supplier that returns the token or throws the failure
   */
  public <T extends BearerToken> void loadAsync(
      TokenRequest<T> request, Executor executor, Consumer<Supplier<T>> callback) {
    new AsyncLoad<>(this, request, executor, callback).start();
  }

  private static void await(
      CompletableFuture<?> load, @Nullable Deadline deadline, RefreshingToken<?> token) {
    try {
      if (Thread.interrupted()) { // get() would return a result that has arrived already.
        throw new InterruptedException();
      } else if (deadline == null) {
        load.get();
      } else {
        load.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (ExecutionException e) {
      throw new AssertionError("A load must complete normally; its supplier throws the failure", e);
    } catch (TimeoutException e) {
      throw timeout(token);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw InternalExceptions.unavailable(
          "Waiting for the token for %s was interrupted. The request continues for other callers."
              .formatted(token.request()));
    }
  }

  private static CredentialException timeout(RefreshingToken<?> token) {
    String message =
        "No token for %s arrived within the time limit. The request continues: try again."
            .formatted(token.request());
    CredentialException last = token.entry().lastFailure();
    return last == null
        ? InternalExceptions.unavailable(message)
        : InternalExceptions.unavailable(
            message + " The request before it failed: " + last.getMessage(), last);
  }

  /**
   * Returns the refreshing token of this request, and creates it if it is missing. Evicts others if
   * the cache is full. Another thread may evict it at any time.
   */
  @SuppressWarnings("unchecked") // A token is cached under its request.
  public <T extends BearerToken> RefreshingToken<T> get(TokenRequest<T> request) {
    RefreshingToken<?> token =
        tokens.computeIfAbsent(
            request.cacheKey(),
            key -> new RefreshingToken<>(key, loader, executor, timer, clock, jitter));
    if (closed) { // close() may have missed it.
      token.close();
    }
    if (tokens.size() > maxTokens) {
      evictOthersThan(token);
    }
    return (RefreshingToken<T>) token;
  }

  /** Removes an evicted token, so that {@link #get} creates its successor. */
  void remove(RefreshingToken<?> evicted) {
    tokens.remove(evicted.request(), evicted);
  }

  /** Drops this token of the request if it is cached. */
  @SuppressWarnings("unchecked") // A token is cached under its request.
  public <T extends BearerToken> void invalidate(TokenRequest<T> request, T rejected) {
    RefreshingToken<?> cached = tokens.get(request.cacheKey());
    if (cached != null) {
      ((RefreshingToken<T>) cached).entry().invalidate(rejected);
    }
  }

  /** Drops the cached token of the request, if there is one. */
  public void invalidate(TokenRequest<?> request) {
    RefreshingToken<?> cached = tokens.get(request.cacheKey());
    if (cached != null) {
      cached.entry().invalidate();
    }
  }

  /** Returns whether {@link #close} was called. */
  public boolean isClosed() {
    return closed;
  }

  /** Drops all tokens and stops the threads that belong to the cache. */
  public void close() {
    closed = true;
    List.copyOf(tokens.values()).forEach(RefreshingToken::close);
    stopThreads.run();
  }

  /** Evicts on one thread; the others do not wait for it. */
  private void evictOthersThan(RefreshingToken<?> wanted) {
    if (!evicting.tryLock()) {
      return;
    }
    try {
      int surplus = Math.max(0, tokens.size() - maxTokens + maxTokens / EVICTED_DIVISOR);
      tokens.values().stream()
          .filter(token -> token != wanted)
          .map(token -> new LastUse(token, token.entry().lastUse()))
          .collect(Comparators.least(surplus, Comparator.comparingLong(LastUse::time)))
          .forEach(idle -> evict(idle.token()));
    } finally {
      evicting.unlock();
    }
  }

  private void evict(RefreshingToken<?> idle) {
    if (idle.evict()) {
      remove(idle);
    }
  }

  /** The time is read once, because it must not change while tokens are sorted. */
  private record LastUse(RefreshingToken<?> token, long time) {}
}
