package io.github.shortlived;

import com.google.common.collect.Comparators;
import io.github.shortlived.internal.cache.RefreshingToken;
import io.github.shortlived.internal.cache.TokenCache;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.text.Phrases;
import io.github.shortlived.model.BearerToken;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.TokenRequest;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A handle for a token that is cached and refreshed, made by {@link
 * ShortLivedCredentials#tokenSource}. All handles and {@link ShortLivedCredentials#issue} calls for
 * the same request share one token. It is usable until 10 seconds before its expiry, or a twentieth
 * of its lifetime if that is less; until then, {@link #get()} costs a clock reading. A refresh in
 * the background replaces it earlier; the page "Behavior of calls" describes when. Thread-safe, for
 * virtual threads too: create one and share it. It works until its {@link ShortLivedCredentials}
 * are closed.
 *
 * <p>Code that only needs the token can depend on {@link Supplier}: a unit test passes a lambda.
 *
 * @param <T> the type of the token
 */
public final class TokenSource<T extends BearerToken> implements Supplier<T> {
  private static final Duration MAX_WAIT = Duration.ofDays(1);

  private final TokenCache cache;
  private final TokenRequest<T> request;
  // Replaced by its successor after the cache has evicted it.
  private volatile RefreshingToken<T> token;

  TokenSource(TokenCache cache, TokenRequest<T> request) {
    InternalExceptions.require(
        !request.isFresh(),
        "request",
        request.toString(),
        "a token source cannot use a fresh() request",
        "leave out fresh(); after a 401 call invalidate, or refresh of GoogleCredentials");
    this.cache = cache;
    this.request = request;
    this.token = cache.get(request);
  }

  /**
   * {@return a token that has not expired and has the {@code minimumValidity} of the request}
   * Blocks only if none is usable: until a loading thread is free, and then for at most the total
   * timeout of the {@link RetryPolicy}. Send the token at once; call again for the next request.
   *
   * @throws CredentialException if no token is usable and none can be issued; {@link
   *     CredentialException.Unavailable} if the thread is interrupted while it waits; it keeps its
   *     interrupted status
   * @throws IllegalStateException if the {@link ShortLivedCredentials} are closed
   */
  @Override
  public T get() {
    T cached = getIfUsable();
    return cached != null ? cached : load(null);
  }

  /**
   * {@return the same token as {@link #get()}} Waits no longer than the limit, and no longer than a
   * day. The request continues after that.
   *
   * @param limit zero or more
   * @throws CredentialException if no token is usable and none can be issued; {@link
   *     CredentialException.Unavailable} if the limit is reached; {@link
   *     CredentialException.InvalidRequest} if it is negative
   * @throws IllegalStateException if the {@link ShortLivedCredentials} are closed
   */
  public T get(Duration limit) {
    Objects.requireNonNull(limit, "limit");
    InternalExceptions.require(
        !limit.isNegative(),
        "time limit",
        Phrases.exact(limit),
        "it must not be negative",
        "pass how long this thread may wait, or call get() to wait for the whole request");
    T cached = getIfUsable();
    return cached != null ? cached : load(Retrier.deadlineIn(Comparators.min(limit, MAX_WAIT)));
  }

  /**
   * Drops a token that a service rejected, so that the next call loads another one. Does nothing if
   * another token is cached by now: if a service rejects the same token for many threads, the first
   * of them has it replaced. Does not block.
   *
   * @param rejected the token that {@link #get()} returned
   */
  public void invalidate(T rejected) {
    Objects.requireNonNull(rejected, "rejected");
    cache.invalidate(request, rejected);
  }

  /** Returns the cached token; null if it is not usable. */
  @Nullable T getIfUsable() {
    return token.getIfUsable(request.minimumValidityMillis());
  }

  /**
   * Gets the token without blocking: calls back at once if the token is usable, otherwise on the
   * executor, or on the loading thread if the executor rejects that.
   *
   * @param callback gets a supplier that returns the token or throws the failure
   */
  void getAsync(Executor executor, Consumer<Supplier<T>> callback) {
    T cached = getIfUsable();
    if (cached != null) {
      callback.accept(() -> cached);
    } else {
      cache.loadAsync(request, executor, callback);
    }
  }

  private T load(@Nullable Deadline deadline) {
    T loaded = cache.load(request, deadline);
    token = cache.get(request);
    return loaded;
  }

  /** {@return the request, never the token} */
  @Override
  public String toString() {
    return "TokenSource[%s]".formatted(request.cacheKey());
  }
}
