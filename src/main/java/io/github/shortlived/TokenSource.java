package io.github.shortlived;

import com.google.common.collect.Comparators;
import io.github.shortlived.internal.cache.InFlightRequest;
import io.github.shortlived.internal.cache.Recipe;
import io.github.shortlived.internal.cache.RefreshingToken;
import io.github.shortlived.internal.cache.TokenCache;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.model.BearerToken;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A handle for a token that is kept and renewed: asking for it costs a clock reading while it is
 * fresh. Had from {@link ShortLivedCredentials#tokenSource}. Whoever asks for the same, by a handle
 * or by {@link ShortLivedCredentials#issue}, shares one token.
 *
 * <p>A token is served until it expires, less a margin for its way to the service: 10 seconds, or a
 * twentieth of its life if that is less. When 15 to 25 percent of its life are left before that,
 * the next call has it renewed in the background, once for all callers, and returns the old one. A
 * renewal that fails then blocks nobody: it is repeated with growing delays, a minute at most, for
 * as long as calls come. Only where there is no usable token do callers wait, all of them on one
 * request, whose failure each of them gets as an exception of its own; an interruption or a time
 * limit ends the waiting of its own thread alone.
 *
 * <p>Expiry is told by the clock of the {@link ShortLivedCredentials}, so what expired while the
 * machine slept is not served; where that clock is set back, the time gone by since the token came
 * counts as well.
 *
 * <p>Thread-safe, for virtual threads too: hold one and share it. It works until its {@link
 * ShortLivedCredentials} are closed.
 *
 * @param <T> the kind of token
 */
public final class TokenSource<T extends BearerToken> {
  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  private final TokenCache cache;
  private final Recipe<T> recipe;
  private final long minimumValidityMillis;
  // Replaced by its successor, should the cache have evicted it.
  private volatile RefreshingToken<T> engine;

  TokenSource(TokenCache cache, Recipe<T> recipe, long minimumValidityMillis) {
    this.cache = cache;
    this.recipe = recipe;
    this.minimumValidityMillis = minimumValidityMillis;
    this.engine = cache.engine(recipe);
  }

  /**
   * {@return a token that has not expired, and stays usable for as long as the request asks for}
   * Blocks only where there is none, for as long as the {@link RetryPolicy} lets a request take,
   * and before it until one of the threads that make requests is free; to be held until it is sent,
   * not longer.
   *
   * @throws CredentialException if there is none and it cannot be issued; {@link
   *     CredentialException.Unavailable} if the thread is interrupted while it waits, which leaves
   *     its interrupted status set
   * @throws IllegalStateException if the {@link ShortLivedCredentials} are closed
   */
  public T get() {
    T served = getIfUsable();
    return served != null ? served : await(null);
  }

  /**
   * {@return a token that has not expired} As {@link #get()}, but waits no longer than the limit,
   * which is no more than a day. The request that was waited for goes on.
   *
   * @param limit zero or more
   * @throws CredentialException if there is none and it cannot be issued; {@link
   *     CredentialException.Unavailable} if the limit is reached; {@link
   *     CredentialException.InvalidRequest} if it is negative
   * @throws IllegalStateException if the {@link ShortLivedCredentials} are closed
   */
  public T get(Duration limit) {
    InternalExceptions.require(
        !limit.isNegative(),
        "time limit",
        limit.toString(),
        "it is zero or more",
        "pass how long this thread may wait, or call get() to wait for as long as it takes");
    T served = getIfUsable();
    return served != null
        ? served
        : await(Retrier.deadlineIn(Comparators.min(limit, LONGEST_WAIT)));
  }

  /**
   * Drops a token that a service did not accept, so that the next call asks for another. Does
   * nothing if another one is served by now: of many threads that were refused the same token, the
   * first one has it replaced. Does not block.
   *
   * @param refused what {@link #get()} returned
   */
  public void invalidate(T refused) {
    cache.invalidate(recipe.request(), refused);
  }

  /** The token if a usable one is there. */
  @Nullable T getIfUsable() {
    return engine.getIfUsable(minimumValidityMillis);
  }

  /**
   * As {@link #get()}, but never blocks: gives the taker what then gives the token, or throws. At
   * once if the token is there; else on the executor when it has come, or on the thread that has it
   * if the executor refuses.
   */
  void get(Executor executor, Consumer<Supplier<T>> taker) {
    T served = getIfUsable();
    if (served != null) {
      taker.accept(() -> served);
      return;
    }
    ask(executor, taker, false);
  }

  private void ask(Executor executor, Consumer<Supplier<T>> taker, boolean again) {
    RefreshingToken<T> asked = cache.engine(recipe);
    InFlightRequest<T> request;
    try {
      request = asked.join(minimumValidityMillis);
    } catch (IllegalStateException closed) {
      taker.accept(
          () -> {
            throw closed;
          });
      return;
    }
    if (request == null) {
      cache.forget(asked); // Evicted just now.
      ask(executor, taker, again);
    } else {
      request.whenEnded(
          () -> onExecutor(executor, () -> ended(asked, request, executor, taker, again)));
    }
  }

  /** Asks again where a waiting thread would: it may be late, or slept with the machine. */
  private void ended(
      RefreshingToken<T> asked,
      InFlightRequest<T> request,
      Executor executor,
      Consumer<Supplier<T>> taker,
      boolean again) {
    boolean ends =
        request.token() == null
            || asked.isUsable(request, minimumValidityMillis)
            || (again && asked.isUsable(request, 0));
    if (ends) {
      taker.accept(() -> asked.tokenOf(request, minimumValidityMillis));
    } else {
      ask(executor, taker, true);
    }
  }

  /** Whatever becomes of one caller's executor, the others are told as well. */
  private static void onExecutor(Executor executor, Runnable task) {
    AtomicBoolean begun = new AtomicBoolean();
    Runnable once =
        () -> {
          if (begun.compareAndSet(false, true)) {
            task.run();
          }
        };
    try {
      executor.execute(once);
    } catch (Throwable refused) {
      once.run();
    }
  }

  private T await(@Nullable Deadline deadline) {
    T token = cache.await(recipe, minimumValidityMillis, deadline);
    engine = cache.engine(recipe);
    return token;
  }

  /** {@return the request, never the token} */
  @Override
  public String toString() {
    return "TokenSource[%s]".formatted(recipe.request());
  }
}
