package io.github.shortlived.internal.cache;

import io.github.shortlived.internal.cache.RefreshSchedule.Decision;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.text.Secrets;
import io.github.shortlived.model.BearerToken;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.TokenRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the token of one request. Callers read one volatile field and the clock; {@link
 * RefreshSchedule} says what follows. At most one request is under way at any time: it runs on the
 * executor, never on a caller's thread, and whoever has no usable token waits for it. The lock
 * guards a few assignments; no request is made and nobody waits while it is held.
 *
 * <p>Callers say for how long, in milliseconds, the token they take has to stay usable.
 */
public final class RefreshingToken<T extends BearerToken> {
  private static final long USE_IS_NOTED_EVERY = 1_000;

  private final Recipe<T> recipe;
  private final Surroundings around;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();

  // Written under the lock; a refresh that is under way or waits for its turn is in the freshness.
  private volatile @Nullable CachedToken<T> held;
  private volatile State state = State.OPEN;
  private volatile long lastUse;
  private volatile @Nullable CredentialException lastFailure; // Since the last token came.
  // Guarded by the lock.
  private @Nullable InFlightRequest<T> inFlight;
  private long begun; // How many tokens were asked for.
  private long newest; // Which of them was kept last, or all there were when it was invalidated.
  private Runnable dismissWatchdog = () -> {};

  private enum State {
    OPEN,
    /** Idle for so long that its place was given to another. */
    EVICTED,
    CLOSED
  }

  RefreshingToken(Recipe<T> recipe, Surroundings around) {
    this.recipe = recipe;
    this.around = around;
    this.clock = around.clock();
    this.lastUse = clock.millis();
  }

  /** The token if a usable one is there; the hot path. */
  public @Nullable T getIfUsable(long leastLeft) {
    CachedToken<T> current = held;
    if (current == null) {
      return null;
    }
    long now = clock.millis();
    Decision decision = current.freshness().at(now, leastLeft);
    if (decision == Decision.WAIT) {
      return null;
    }
    if (decision == Decision.SERVE_AND_REFRESH) {
      refresh(current);
    }
    if (Math.abs(now - lastUse) > USE_IS_NOTED_EVERY) { // The clock may have been set back.
      lastUse = now;
    }
    return current.token();
  }

  /** Whether {@link #getIfUsable} would have a request made, or none is to be had from it. */
  boolean costsRequest(long leastLeft) {
    CachedToken<T> current = held;
    return current == null || current.freshness().at(clock.millis(), leastLeft) != Decision.SERVE;
  }

  /**
   * The token; without a usable one this waits, until the deadline if there is one.
   *
   * @return null if this was evicted
   */
  @Nullable T await(long leastLeft, @Nullable Deadline deadline) {
    for (boolean asked = false; ; asked = true) {
      InFlightRequest<T> request = join(leastLeft);
      if (request == null) {
        return null;
      }
      CachedToken<T> came = outcome(request, deadline);
      if (isUsable(came, leastLeft)) {
        return came.token();
      }
      // The first may have been under way before. Then somebody who is late to wake up, or slept
      // with the machine, may find it expired again.
      if (asked && isUsable(came, 0)) {
        throw tooShort(leastLeft);
      }
    }
  }

  /** The number of a token that is going to be asked for apart. */
  public long begin() {
    lock.lock();
    try {
      return ++begun;
    } finally {
      lock.unlock();
    }
  }

  /** Keeps a token that was asked for apart, unless one is kept that was asked for later. */
  public void offer(long number, T token) {
    CachedToken<T> fresh = held(token);
    lock.lock();
    try {
      if (state == State.OPEN && number > newest && isUsable(fresh, 0)) {
        keep(number, fresh);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Drops the token if this one is still served. */
  void invalidate(T token) {
    lock.lock();
    try {
      if (held != null && isSame(held.token(), token)) {
        drop();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Drops whatever token there is; one that is asked for apart by now will not be kept either. */
  void invalidate() {
    lock.lock();
    try {
      newest = begun;
      drop();
    } finally {
      lock.unlock();
    }
  }

  /** Drops the token; whoever waits, and any later caller, is told so. */
  void close() {
    InFlightRequest<T> abandoned;
    lock.lock();
    try {
      state = State.CLOSED;
      drop();
      abandoned = inFlight;
      inFlight = null;
    } finally {
      lock.unlock();
    }
    if (abandoned != null) {
      abandoned.fail(closedException());
    }
  }

  /** Drops the token for good, unless a request is under way; whether it did. */
  boolean evict() {
    lock.lock();
    try {
      if (inFlight != null) {
        return false;
      }
      state = State.EVICTED;
      drop();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** When a token was last served or came, or this was made; to the second. */
  long lastUse() {
    return lastUse;
  }

  TokenRequest<T> request() {
    return recipe.request();
  }

  @Override
  public String toString() {
    return recipe.request().toString();
  }

  /** Begins the background refresh, unless somebody else is about to. */
  private void refresh(CachedToken<T> stale) {
    if (!lock.tryLock()) {
      return;
    }
    InFlightRequest<T> mine;
    try {
      if (!stale.equals(held) || inFlight != null) {
        return;
      }
      held = stale.with(stale.freshness().refreshing());
      mine = begin(true);
    } finally {
      lock.unlock();
    }
    submit(mine);
  }

  /**
   * The request under way, or a new one if there is none; null if this was evicted. Does not block.
   */
  public @Nullable InFlightRequest<T> join(long leastLeft) {
    InFlightRequest<T> mine;
    lock.lock();
    try {
      if (state == State.CLOSED) {
        throw closedException();
      } else if (state == State.EVICTED) {
        return null;
      }
      if (inFlight != null) {
        return inFlight;
      }
      if (held != null && isUsable(held, leastLeft)) {
        InFlightRequest<T> ended = new InFlightRequest<>(newest, false);
        ended.succeed(held);
        return ended;
      }
      mine = begin(false);
    } finally {
      lock.unlock();
    }
    submit(mine);
    return mine;
  }

  private InFlightRequest<T> begin(boolean ahead) {
    inFlight = new InFlightRequest<>(++begun, ahead);
    return inFlight;
  }

  private void submit(InFlightRequest<T> request) {
    try {
      around.executor().execute(() -> make(request));
    } catch (Throwable refused) {
      CredentialException failure = translated(refused);
      if (failed(request, failure)) {
        recipe.mint().rejected(request.ahead(), failure);
      }
    }
  }

  private void make(InFlightRequest<T> request) {
    try {
      arrived(request, recipe.mint().mint(request.ahead()));
    } catch (Throwable failure) {
      failed(request, translated(failure));
    }
  }

  private CredentialException translated(Throwable failure) {
    return failure instanceof CredentialException told
        ? told
        : InternalExceptions.translate(failure, "Issuing " + recipe.request());
  }

  private void arrived(InFlightRequest<T> request, T token) {
    CachedToken<T> kept = kept(request, held(token));
    if (kept != null) {
      request.succeed(kept);
    }
  }

  private CachedToken<T> held(T token) {
    Instant now = clock.instant();
    long end = recipe.cappedExpiry(token, now);
    return new CachedToken<>(
        token, RefreshSchedule.of(now.toEpochMilli(), end, around.jitter().getAsDouble()));
  }

  /** What is kept now; null if this was closed meanwhile. */
  private @Nullable CachedToken<T> kept(InFlightRequest<T> request, CachedToken<T> fresh) {
    lock.lock();
    try {
      if (inFlight != request) {
        return null;
      }
      CachedToken<T> current = held;
      CachedToken<T> kept =
          current == null ? keep(request.number(), fresh) : kept(request, current, fresh);
      inFlight = null; // Last: what fails here fails the request, for all who wait.
      return kept;
    } finally {
      lock.unlock();
    }
  }

  private CachedToken<T> kept(
      InFlightRequest<T> request, CachedToken<T> current, CachedToken<T> fresh) {
    boolean same = isSame(current.token(), fresh.token());
    if (isUsable(current, 0) && (same || request.number() < newest)) {
      delayRefresh();
      return current;
    }
    if (same) { // There is no other. The watchdog knows when it came first.
      CachedToken<T> renewed = current.with(fresh.freshness());
      held = renewed;
      return renewed;
    }
    return keep(request.number(), fresh);
  }

  /** Metadata servers give the token they have until shortly before its end, dated anew. */
  private static boolean isSame(BearerToken one, BearerToken other) {
    return Secrets.constantTimeEquals(one.token(), other.token());
  }

  /** The watchdog goes by another clock: it drops what a clock set back would let live on. */
  private CachedToken<T> keep(long number, CachedToken<T> fresh) {
    long now = clock.millis();
    Duration life = Duration.ofMillis(fresh.freshness().usableUntil() - now);
    Runnable dismiss = around.timer().schedule(() -> outlived(fresh.token()), life);
    drop();
    dismissWatchdog = dismiss;
    held = fresh;
    newest = Math.max(newest, number);
    lastUse = now;
    lastFailure = null;
    return fresh;
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

  /** Whether that ended the request, which may have been abandoned meanwhile. */
  private boolean failed(InFlightRequest<T> request, CredentialException failure) {
    boolean open = false;
    lock.lock();
    try {
      open = inFlight == request;
      if (open) {
        inFlight = null;
        lastFailure = failure;
        delayRefresh();
      }
    } finally {
      lock.unlock();
      if (open) {
        request.fail(failure);
      }
    }
    return open;
  }

  private void delayRefresh() {
    CachedToken<T> current = held;
    if (current != null) {
      double jitter = around.jitter().getAsDouble();
      held = current.with(current.freshness().afterFailure(clock.millis(), jitter));
    }
  }

  private void drop() {
    dismissWatchdog.run();
    held = null;
  }

  private boolean isUsable(CachedToken<T> token, long leastLeft) {
    return token.freshness().at(clock.millis(), leastLeft) != Decision.WAIT;
  }

  /** Whether the request, which has ended, brought a token that stays usable for so long. */
  public boolean isUsable(InFlightRequest<T> ended, long leastLeft) {
    CachedToken<T> came = ended.token();
    return came != null && isUsable(came, leastLeft);
  }

  /** The token that the request, which has ended, brought. */
  public T tokenOf(InFlightRequest<T> ended, long leastLeft) {
    CachedToken<T> came = outcome(ended, null);
    if (isUsable(came, leastLeft)) {
      return came.token();
    }
    throw tooShort(leastLeft);
  }

  /** What comes of the request; blocks until it has ended, or the deadline if there is one. */
  CachedToken<T> outcome(InFlightRequest<T> request, @Nullable Deadline deadline) {
    try {
      if (!request.await(deadline)) {
        throw late();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw InternalExceptions.unavailable(
          "Waiting for the token of %s was interrupted. The request goes on, for whoever else waits."
              .formatted(recipe.request()));
    }
    CachedToken<T> came = request.token();
    if (came == null) {
      throw ownException(Objects.requireNonNull(request.failure()));
    }
    return came;
  }

  /** All who wait share one failure; each throws an exception of its own. */
  private RuntimeException ownException(Throwable failure) {
    if (state == State.CLOSED) {
      return closedException();
    }
    return InternalExceptions.copy((CredentialException) failure);
  }

  private CredentialException late() {
    String message =
        "No token of %s came in time. The request goes on: ask again.".formatted(recipe.request());
    CredentialException last = lastFailure;
    return last == null
        ? InternalExceptions.unavailable(message)
        : InternalExceptions.unavailable(
            message + " The one before it failed: " + last.getMessage(), last);
  }

  private CredentialException tooShort(long leastLeft) {
    return InternalExceptions.unavailable(
        "The token of %s that came is usable for less than %s. Ask for less, or for whatever comes."
            .formatted(recipe.request(), Duration.ofMillis(leastLeft)));
  }

  public static IllegalStateException closedException() {
    return new IllegalStateException("These ShortLivedCredentials are closed");
  }
}
