package io.github.shortlived.internal.cache;

import io.github.shortlived.internal.cache.CachedToken.Scheduled;
import io.github.shortlived.internal.cache.RefreshSchedule.Decision;
import io.github.shortlived.internal.text.Phrases;
import io.github.shortlived.model.BearerToken;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.TokenRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The token of one request, which is cached and refreshed. A call that finds a usable token reads
 * one volatile field and the clock; {@link RefreshSchedule} decides whether to return the token,
 * refresh it or wait for another one. At most one load is in flight, on the executor. No thread
 * loads or waits while it holds the lock. Thread-safe.
 */
public final class RefreshingToken<T extends BearerToken> {
  private final TokenRequest<T> request;
  private final TokenLoader loader;
  private final Executor executor;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final CachedToken<T> entry;

  private volatile State state = State.OPEN;
  // Guarded by the lock.
  private @Nullable InFlight<T> inFlight;

  private enum State {
    OPEN,
    /** The cache evicted it, because others were used more recently. */
    EVICTED,
    CLOSED
  }

  /**
   * A load. The future completes normally: its supplier returns the token, or throws a new copy of
   * the failure for each caller.
   */
  private record InFlight<T extends BearerToken>(
      long number, boolean refresh, CompletableFuture<Supplier<Scheduled<T>>> result) {}

  RefreshingToken(
      TokenRequest<T> request,
      TokenLoader loader,
      Executor executor,
      CacheThreads.Timer timer,
      InstantSource clock,
      DoubleSupplier jitter) {
    this.request = request;
    this.loader = loader;
    this.executor = executor;
    this.clock = clock;
    this.entry = new CachedToken<>(request.lifetime(), clock, timer, jitter, lock);
  }

  TokenRequest<T> request() {
    return request;
  }

  CachedToken<T> entry() {
    return entry;
  }

  /** Returns the cached token if it is usable. This is the hot path. */
  public @Nullable T getIfUsable(long minimumValidityMillis) {
    Scheduled<T> value = entry.value();
    if (value == null) {
      return null;
    }
    long now = clock.millis();
    Decision decision = value.schedule().at(now, minimumValidityMillis);
    if (decision == Decision.WAIT) {
      return null;
    }
    if (decision == Decision.SERVE_AND_REFRESH) {
      refresh(value);
    }
    entry.markUsed(now);
    return value.token();
  }

  /** Returns whether {@link #getIfUsable} would return null or begin a refresh. */
  boolean needsLoad(long minimumValidityMillis) {
    Scheduled<T> value = entry.value();
    return value == null
        || value.schedule().at(clock.millis(), minimumValidityMillis) != Decision.SERVE;
  }

  /**
   * Returns a completed load if the cached token is usable, otherwise the load in flight, which it
   * begins if there is none. Does not block.
   *
   * @return null if this was evicted
   */
  @Nullable CompletableFuture<Supplier<Scheduled<T>>> join(long minimumValidityMillis) {
    InFlight<T> begun;
    lock.lock();
    try {
      if (state == State.CLOSED) {
        throw InternalExceptions.closed();
      } else if (state == State.EVICTED) {
        return null;
      } else if (inFlight != null) {
        return inFlight.result();
      }
      Scheduled<T> value = entry.value();
      if (value != null && entry.isUsable(value, minimumValidityMillis)) {
        return CompletableFuture.completedFuture(() -> value);
      }
      begun = begin(false);
    } finally {
      lock.unlock();
    }
    submit(begun);
    return begun.result();
  }

  /**
   * Returns the token of a completed load.
   *
   * @param retried whether this is the second load of the caller: then a token that is usable, but
   *     not for long enough, is a failure
   * @return null if the token is not usable, for example because this thread woke up late; then the
   *     caller joins another load
   * @throws CredentialException a copy of the shared failure, or if the token expires too soon
   */
  @Nullable T tokenOf(
      CompletableFuture<Supplier<Scheduled<T>>> load, long minimumValidityMillis, boolean retried) {
    Scheduled<T> value = load.join().get();
    if (entry.isUsable(value, minimumValidityMillis)) {
      return value.token();
    }
    if (retried && entry.isUsable(value, 0)) {
      throw InternalExceptions.unavailable(
          "The new token for %s is valid for less than the requested %s. Request a shorter minimumValidity."
              .formatted(request, Phrases.exact(Duration.ofMillis(minimumValidityMillis))));
    }
    return null;
  }

  /** Loads a token on the calling thread, beside the load in flight, and caches it. */
  T loadFresh() {
    long number = entry.nextLoad();
    T token = loader.load(request, false);
    entry.storeFresh(number, token);
    return token;
  }

  /** Drops the token. Callers that wait, and all later ones, get an exception. */
  void close() {
    InFlight<T> abandoned;
    lock.lock();
    try {
      state = State.CLOSED;
      entry.close();
      abandoned = inFlight;
      inFlight = null;
    } finally {
      lock.unlock();
    }
    if (abandoned != null) {
      abandoned
          .result()
          .complete(
              () -> {
                throw InternalExceptions.closed();
              });
    }
  }

  /** Drops the token for good, unless a load is in flight. Returns whether it did. */
  boolean evict() {
    lock.lock();
    try {
      if (inFlight != null) {
        return false;
      }
      if (state == State.OPEN) {
        state = State.EVICTED;
      }
      entry.close();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Begins a background refresh, unless another thread does. */
  private void refresh(Scheduled<T> stale) {
    if (!lock.tryLock()) {
      return;
    }
    InFlight<T> begun;
    try {
      if (inFlight != null || !entry.beginRefresh(stale)) {
        return;
      }
      begun = begin(true);
    } finally {
      lock.unlock();
    }
    submit(begun);
  }

  private InFlight<T> begin(boolean refresh) {
    InFlight<T> begun = new InFlight<>(entry.nextLoad(), refresh, new CompletableFuture<>());
    inFlight = begun;
    return begun;
  }

  private void submit(InFlight<T> load) {
    try {
      executor.execute(() -> run(load));
    } catch (Throwable rejection) {
      CredentialException failure = InternalExceptions.translate(rejection, "Issuing " + request);
      if (fail(load, failure)) {
        loader.onRejected(request, load.refresh(), failure);
      }
    }
  }

  private void run(InFlight<T> load) {
    try {
      complete(load, entry.schedule(loader.load(request, load.refresh())));
    } catch (CredentialException failure) {
      fail(load, failure);
    } catch (Throwable failure) {
      fail(load, InternalExceptions.translate(failure, "Issuing " + request));
    }
  }

  private void complete(InFlight<T> load, Scheduled<T> fresh) {
    Scheduled<T> stored;
    lock.lock();
    try {
      if (!isInFlight(load)) { // Closed in the meantime.
        return;
      }
      stored = entry.store(load.number(), fresh);
      inFlight = null; // Last: if store() throws, fail() still finds the load.
    } finally {
      lock.unlock();
    }
    load.result().complete(() -> stored);
  }

  /** Fails a load, unless this was closed in the meantime. Returns whether it did. */
  private boolean fail(InFlight<T> load, CredentialException failure) {
    boolean open = false;
    lock.lock();
    try {
      open = isInFlight(load);
      if (open) {
        inFlight = null;
        entry.recordFailure(failure);
      }
    } finally {
      lock.unlock();
      if (open) {
        load.result().complete(() -> rethrow(failure));
      }
    }
    return open;
  }

  /** Compares the numbers: linking equals() of a record takes long before the first token. */
  private boolean isInFlight(InFlight<T> load) {
    return inFlight != null && inFlight.number() == load.number();
  }

  private Scheduled<T> rethrow(CredentialException failure) {
    throw state == State.CLOSED ? InternalExceptions.closed() : InternalExceptions.copy(failure);
  }
}
