package io.github.shortlived.internal.cache;

import com.google.common.collect.Comparators;
import io.github.shortlived.internal.cache.RefreshSchedule.Decision;
import io.github.shortlived.internal.text.Secrets;
import io.github.shortlived.model.BearerToken;
import io.github.shortlived.model.CredentialException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The cached token of one request. If two loads end in another order than they began, the token of
 * the later load stays cached. Thread-safe, but {@link #store}, {@link #close}, {@link
 * #beginRefresh} and {@link #recordFailure} must be called while the caller holds the lock.
 */
final class CachedToken<T extends BearerToken> {
  private static final long LAST_USE_PRECISION = 1_000;

  private final Duration lifetime;
  private final InstantSource clock;
  private final CacheThreads.Timer timer;
  private final DoubleSupplier jitter;
  // Drawn once: entries that were filled together then drift apart further with each token.
  private final double refreshJitter;
  private final ReentrantLock lock;

  private volatile @Nullable Scheduled<T> value;
  private volatile long lastUse;
  // The failure of the last load, unless a token was stored since.
  private volatile @Nullable CredentialException lastFailure;
  // Guarded by the lock.
  private long loads; // The number of loads that have begun.
  // The load whose token was stored last; invalidate() sets it to the newest load.
  private long lastStored;
  private boolean closed;
  private Runnable cancelDrop = () -> {};

  /** A token with the times at which it is refreshed and expires. */
  record Scheduled<T extends BearerToken>(T token, RefreshSchedule schedule) {
    Scheduled<T> with(RefreshSchedule changed) {
      return new Scheduled<>(token, changed);
    }
  }

  /**
   * Creates an empty entry.
   *
   * @param lifetime the longest time that a token is valid
   * @param jitter random numbers from 0 to 1
   */
  CachedToken(
      Duration lifetime,
      InstantSource clock,
      CacheThreads.Timer timer,
      DoubleSupplier jitter,
      ReentrantLock lock) {
    this.lifetime = lifetime;
    this.clock = clock;
    this.timer = timer;
    this.jitter = jitter;
    this.refreshJitter = jitter.getAsDouble();
    this.lock = lock;
    this.lastUse = clock.millis();
  }

  @Nullable Scheduled<T> value() {
    return value;
  }

  /** Returns when the token was last used or stored, to the second. */
  long lastUse() {
    return lastUse;
  }

  /** Returns why the last load failed, unless a token was stored since. */
  @Nullable CredentialException lastFailure() {
    return lastFailure;
  }

  void markUsed(long now) {
    if (Math.abs(now - lastUse) > LAST_USE_PRECISION) { // The clock may have been set back.
      lastUse = now;
    }
  }

  boolean isUsable(Scheduled<T> candidate, long minimumValidityMillis) {
    return candidate.schedule().at(clock.millis(), minimumValidityMillis) != Decision.WAIT;
  }

  /**
   * Schedules a token that has just arrived. Caps its expiry at now plus the requested lifetime, in
   * case this machine's clock is slow.
   */
  Scheduled<T> schedule(T token) {
    Instant now = clock.instant();
    Instant expiry = Comparators.min(token.expireTime(), now.plus(lifetime));
    return new Scheduled<>(
        token, RefreshSchedule.of(now.toEpochMilli(), expiry.toEpochMilli(), refreshJitter));
  }

  /** Stores the token of the load in flight. Returns the token that is cached afterwards. */
  Scheduled<T> store(long number, Scheduled<T> fresh) {
    Scheduled<T> current = value;
    if (current == null) {
      replace(number, fresh);
      return fresh;
    }
    boolean same = isSame(current.token(), fresh.token());
    if (isUsable(current, 0) && (same || number < lastStored)) {
      delayRefresh();
      return current;
    }
    if (!same) {
      replace(number, fresh);
      return fresh;
    }
    // The source returned the same token again. Its timer keeps running.
    Scheduled<T> rescheduled = current.with(fresh.schedule());
    value = rescheduled;
    return rescheduled;
  }

  /** Returns the number of a load that begins now. */
  long nextLoad() {
    lock.lock();
    try {
      return ++loads;
    } finally {
      lock.unlock();
    }
  }

  /** Stores the token of a fresh() request, unless the token of a later load is cached. */
  void storeFresh(long number, T token) {
    Scheduled<T> fresh = schedule(token);
    lock.lock();
    try {
      if (!closed && number > lastStored && isUsable(fresh, 0)) {
        replace(number, fresh);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Compares values: a metadata server returns its token, with a new date, until it expires. */
  private static boolean isSame(BearerToken one, BearerToken other) {
    return Secrets.constantTimeEquals(one.token(), other.token());
  }

  /** Replaces the token. A monotonic timer drops it, in case the wall clock is set back. */
  private void replace(long number, Scheduled<T> fresh) {
    long now = clock.millis();
    Duration usable = Duration.ofMillis(fresh.schedule().usableUntil() - now);
    Runnable cancel = timer.schedule(() -> dropExpired(fresh.token()), usable);
    drop();
    cancelDrop = cancel;
    value = fresh;
    lastStored = Math.max(lastStored, number);
    lastUse = now;
    lastFailure = null;
  }

  private void dropExpired(T token) {
    lock.lock();
    try {
      if (value != null && value.token() == token) {
        drop();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Drops this token if it is cached. */
  void invalidate(T token) {
    lock.lock();
    try {
      if (value != null && isSame(value.token(), token)) {
        drop();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Drops the token, and does not store those of fresh() requests in flight. */
  void invalidate() {
    lock.lock();
    try {
      lastStored = loads;
      drop();
    } finally {
      lock.unlock();
    }
  }

  /** Drops the token for good. */
  void close() {
    closed = true;
    drop();
  }

  private void drop() {
    cancelDrop.run();
    value = null;
  }

  /** Marks the token as being refreshed. Returns false if it is no longer cached. */
  boolean beginRefresh(Scheduled<T> stale) {
    if (!stale.equals(value)) {
      return false;
    }
    value = stale.with(stale.schedule().refreshing());
    return true;
  }

  /** Records a load that failed, and delays the next refresh. */
  void recordFailure(CredentialException failure) {
    lastFailure = failure;
    delayRefresh();
  }

  private void delayRefresh() {
    Scheduled<T> current = value;
    if (current != null) {
      value = current.with(current.schedule().afterFailure(clock.millis(), jitter.getAsDouble()));
    }
  }
}
