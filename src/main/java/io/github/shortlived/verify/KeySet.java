package io.github.shortlived.verify;

import io.github.shortlived.internal.client.PublicDocuments.Document;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The cached keys of one signer. Threads share one fetch, which another thread makes. A thread
 * waits for it only without fresh keys, or for an unknown key ID; in a known outage, stale keys are
 * used without a wait. Thread-safe.
 */
final class KeySet {
  private static final Duration MIN_BACKOFF = Duration.ofSeconds(1);
  private static final int MAX_DOUBLINGS = 6;

  private final String name;
  private final Source source;
  private final InstantSource clock;
  private final Duration maximumStaleness;
  private final Executor executor;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable CachedKeys cached;
  // The lock guards this field and those below.
  private final FetchLimit limit = new FetchLimit();
  private @Nullable CompletableFuture<CachedKeys> inFlight;
  // The last failure; null after a success.
  private @Nullable CredentialException failure;
  private int failures;
  private Instant failedAt = Instant.MIN;

  /** Fetches the keys by their IDs; blocks. */
  interface Source {
    Document<Map<String, VerificationKey>> fetch();
  }

  /**
   * Creates an empty key set.
   *
   * @param name describes the keys in messages
   * @param maximumStaleness how long stale keys are used while they cannot be fetched
   * @param executor makes fetches, on other threads
   */
  KeySet(
      String name,
      Source source,
      InstantSource clock,
      Duration maximumStaleness,
      Executor executor) {
    this.name = name;
    this.source = source;
    this.clock = clock;
    this.maximumStaleness = maximumStaleness;
    this.executor = executor;
  }

  /**
   * Returns the key with this ID; empty if the signer publishes none.
   *
   * @throws CredentialException if the keys cannot be fetched
   */
  Optional<VerificationKey> find(String keyId) {
    CachedKeys before = cached;
    CachedKeys keys = current(clock.instant());
    VerificationKey known = keys.byId().get(keyId);
    // Keys for which this call has waited are not fetched again.
    boolean haveJustArrived = !keys.equals(before);
    return Optional.ofNullable(
        known != null || haveJustArrived ? known : await(newerThan(keys)).byId().get(keyId));
  }

  private CachedKeys current(Instant now) {
    CachedKeys keys = cached;
    if (keys == null || !keys.isUsable(now, maximumStaleness)) {
      return await(newerThan(keys));
    } else if (!keys.isFresh(now)) {
      return refreshedIfPossible(keys);
    } else if (keys.isRefreshDue(now)) {
      refreshInBackground(keys);
    }
    return keys;
  }

  private CachedKeys refreshedIfPossible(CachedKeys stale) {
    if (isOutage()) {
      refreshInBackground(stale);
      return stale;
    }
    try {
      return await(newerThan(stale));
    } catch (CredentialException.Unavailable e) {
      return stale;
    }
  }

  private boolean isOutage() {
    lock.lock();
    try {
      return failure instanceof CredentialException.Unavailable;
    } finally {
      lock.unlock();
    }
  }

  private void refreshInBackground(CachedKeys keys) {
    lock.lock();
    try {
      Instant now = clock.instant();
      if (keys.equals(cached) && !isBackingOff(now)) {
        CompletableFuture<CachedKeys> unused = fetch(now);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns keys that are newer than these: of another thread's fetch, or of one that this begins
   * or joins. If the limit forbids a fetch, returns the same keys; if the last fetch failed a short
   * time ago, throws that failure.
   */
  private CompletableFuture<CachedKeys> newerThan(@Nullable CachedKeys keys) {
    lock.lock();
    try {
      Instant now = clock.instant();
      CachedKeys newest = cached;
      if (newest != null && !newest.equals(keys)) {
        return CompletableFuture.completedFuture(newest);
      } else if (failure != null && isBackingOff(now)) {
        throw InternalExceptions.copy(failure);
      } else if (newest != null && newest.isFresh(now) && !isFetchAllowed(now)) {
        return CompletableFuture.completedFuture(newest);
      }
      return fetch(now);
    } finally {
      lock.unlock();
    }
  }

  private boolean isFetchAllowed(Instant now) {
    return inFlight != null || failure != null || limit.allows(now);
  }

  /** Returns whether a failure was less than a second ago; each one doubles that, up to 64 s. */
  private boolean isBackingOff(Instant now) {
    if (inFlight != null || failures == 0) {
      return false;
    }
    Duration backoff = MIN_BACKOFF.multipliedBy(1L << Math.min(failures - 1, MAX_DOUBLINGS));
    return !now.isBefore(failedAt) // Otherwise the clock was set back.
        && now.isBefore(failedAt.plus(backoff));
  }

  private CompletableFuture<CachedKeys> fetch(Instant now) {
    if (inFlight == null) {
      limit.record(now);
      inFlight = CompletableFuture.supplyAsync(this::load, executor);
    }
    return inFlight;
  }

  /** Runs on a thread of the executor. The lock delays its end until the fetch is in flight. */
  private CachedKeys load() {
    try {
      Document<Map<String, VerificationKey>> document = source.fetch();
      CachedKeys loaded = CachedKeys.of(document.content(), clock.instant(), document.maxAge());
      finish(loaded, null);
      return loaded;
    } catch (RuntimeException | Error e) {
      CredentialException failed = InternalExceptions.translate(e, "Reading " + name);
      finish(null, failed);
      throw failed;
    }
  }

  private void finish(@Nullable CachedKeys loaded, @Nullable CredentialException failed) {
    lock.lock();
    try {
      inFlight = null;
      failure = failed;
      if (loaded != null || failed instanceof CredentialException.NotFound) {
        cached = loaded; // A signer that is deleted has no keys.
      }
      failures = failed == null ? 0 : failures + 1;
      failedAt = clock.instant();
    } finally {
      lock.unlock();
    }
  }

  private CachedKeys await(CompletableFuture<CachedKeys> fetch) {
    try {
      return fetch.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw InternalExceptions.unavailable(
          "Waiting for %s was interrupted. The request continues for other callers."
              .formatted(name));
    } catch (ExecutionException e) {
      // load() throws nothing else. The copy has the stack trace of this thread.
      throw InternalExceptions.copy((CredentialException) Objects.requireNonNull(e.getCause()));
    }
  }
}
