package io.github.shortlived;

import io.github.shortlived.Freshness.Decision;
import io.github.shortlived.internal.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the token of one request. Callers read one volatile field and the clock; {@link Freshness}
 * says what follows. At most one request is under way at any time: it runs on the executor, never
 * on a caller's thread, and whoever has no usable token waits for it. The lock guards a few
 * assignments; no request is made and nobody waits while it is held.
 */
final class TokenEngine<T extends ShortLivedCredential> {
  private final Recipe<T> recipe;
  private final Surroundings around;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();

  // Written under the lock; a refresh that is under way or waits for its turn is in the freshness.
  private volatile @Nullable HeldToken<T> held;
  private volatile boolean closed;
  // Guarded by the lock.
  private @Nullable SharedRequest<T> underWay;
  private Runnable dismissWatchdog = () -> {};

  TokenEngine(Recipe<T> recipe, Surroundings around) {
    this.recipe = recipe;
    this.around = around;
    this.clock = around.clock();
  }

  /** The token; without a usable one this waits, until the deadline if there is one. */
  T get(@Nullable Deadline deadline) {
    T served = served();
    return served != null ? served : await(deadline);
  }

  /** Drops the token if this one is still served. */
  void invalidate(T token) {
    lock.lock();
    try {
      if (held != null && held.token().equals(token)) {
        drop();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Drops the token; whoever waits, and any later caller, is told so. */
  void close() {
    SharedRequest<T> abandoned;
    lock.lock();
    try {
      closed = true;
      drop();
      abandoned = underWay;
      underWay = null;
    } finally {
      lock.unlock();
    }
    if (abandoned != null) {
      abandoned.fail(closedException());
    }
  }

  @Override
  public String toString() {
    return recipe.request().toString();
  }

  /** The hot path. */
  private @Nullable T served() {
    HeldToken<T> current = held;
    if (current == null) {
      return null;
    }
    Decision decision = current.freshness().at(clock.millis());
    if (decision == Decision.WAIT) {
      return null;
    }
    if (decision == Decision.SERVE_AND_REFRESH) {
      refresh(current);
    }
    return current.token();
  }

  /** Begins the background refresh, unless somebody else is about to. */
  private void refresh(HeldToken<T> stale) {
    if (!lock.tryLock()) {
      return;
    }
    SharedRequest<T> mine;
    try {
      if (!stale.equals(held) || underWay != null) {
        return;
      }
      held = stale.with(stale.freshness().refreshing());
      mine = begin();
    } finally {
      lock.unlock();
    }
    submit(mine);
  }

  private T await(@Nullable Deadline deadline) {
    while (true) {
      HeldToken<T> came = outcome(join(), deadline);
      // Somebody who is late to wake up, or slept with the machine, may find it expired again.
      if (isUsable(came)) {
        return came.token();
      }
    }
  }

  /** The request under way; a new one if there is none. */
  private SharedRequest<T> join() {
    SharedRequest<T> mine;
    lock.lock();
    try {
      if (closed) {
        throw closedException();
      }
      if (underWay != null) {
        return underWay;
      }
      if (held != null && isUsable(held)) {
        SharedRequest<T> ended = new SharedRequest<>();
        ended.succeed(held);
        return ended;
      }
      mine = begin();
    } finally {
      lock.unlock();
    }
    submit(mine);
    return mine;
  }

  private SharedRequest<T> begin() {
    underWay = new SharedRequest<>();
    return underWay;
  }

  private void submit(SharedRequest<T> request) {
    try {
      around.executor().execute(() -> make(request));
    } catch (Throwable refused) {
      failed(request, refused);
    }
  }

  private void make(SharedRequest<T> request) {
    try {
      arrived(request, recipe.mint().get());
    } catch (Throwable failure) {
      failed(request, failure);
    }
  }

  private void arrived(SharedRequest<T> request, T token) {
    Instant now = clock.instant();
    long end = recipe.end(token, now);
    HeldToken<T> fresh =
        new HeldToken<>(
            token, Freshness.of(now.toEpochMilli(), end, around.jitter().getAsDouble()));
    if (!isUsable(fresh)) {
      throw CredentialException.unserved(
          "The token of %s had expired when it came. Compare this machine's clock with Google's."
              .formatted(recipe.request()));
    }
    Duration life = Duration.ofMillis(fresh.freshness().usableUntil() - now.toEpochMilli());
    if (kept(request, fresh, life)) {
      request.succeed(fresh);
    }
  }

  /**
   * Whether this was not closed meanwhile. The watchdog goes by another clock: it drops what a
   * clock set back would let live on.
   */
  private boolean kept(SharedRequest<T> request, HeldToken<T> fresh, Duration life) {
    lock.lock();
    try {
      if (underWay != request) {
        return false;
      }
      drop();
      dismissWatchdog = around.timer().schedule(() -> outlived(fresh.token()), life);
      held = fresh;
      underWay = null;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void outlived(T token) {
    lock.lock();
    try {
      if (held != null && held.token() == token) {
        drop();
      }
    } finally {
      lock.unlock();
    }
  }

  private void failed(SharedRequest<T> request, Throwable failure) {
    boolean open = false;
    lock.lock();
    try {
      open = underWay == request;
      if (open) {
        underWay = null;
        putOff();
      }
    } finally {
      lock.unlock();
      if (open) {
        request.fail(failure);
      }
    }
  }

  private void putOff() {
    HeldToken<T> current = held;
    if (current != null) {
      double jitter = around.jitter().getAsDouble();
      held = current.with(current.freshness().afterFailure(clock.millis(), jitter));
    }
  }

  private void drop() {
    dismissWatchdog.run();
    held = null;
  }

  private boolean isUsable(HeldToken<T> token) {
    return token.freshness().at(clock.millis()) != Decision.WAIT;
  }

  private HeldToken<T> outcome(SharedRequest<T> request, @Nullable Deadline deadline) {
    try {
      if (!request.await(deadline)) {
        throw CredentialException.unserved(
            "No token of %s came in time. The request goes on: ask again."
                .formatted(recipe.request()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CredentialException.unserved(
          "Waiting for the token of %s was interrupted. The request goes on, for whoever else waits."
              .formatted(recipe.request()));
    }
    HeldToken<T> came = request.token();
    if (came == null) {
      throw ownException(Objects.requireNonNull(request.failure()));
    }
    return came;
  }

  /** All who wait share one failure; each throws an exception of its own. */
  private RuntimeException ownException(Throwable failure) {
    if (closed) {
      return closedException();
    }
    return failure instanceof CredentialException shared
        ? shared.relayed()
        : CredentialException.from(failure, "Asking for " + recipe.request(), List.of());
  }

  static IllegalStateException closedException() {
    return new IllegalStateException("These ShortLivedCredentials are closed");
  }
}
