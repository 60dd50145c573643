package io.github.shortlived;

import io.github.shortlived.internal.cache.Recipe;
import io.github.shortlived.internal.cache.TokenCache;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.model.BearerToken;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Access to {@link ShortLivedCredentials} for the other packages of this library. Not part of the
 * API; do not use.
 */
public final class InternalCredentials {
  private InternalCredentials() {}

  /** Creates a handle for a token of this cache. */
  public static <T extends BearerToken> TokenSource<T> tokenSource(
      TokenCache cache, Recipe<T> recipe, long minimumValidityMillis) {
    return new TokenSource<>(cache, recipe, minimumValidityMillis);
  }

  /** Returns the cached token; null if there is no usable one. */
  public static <T extends BearerToken> @Nullable T getIfUsable(TokenSource<T> source) {
    return source.getIfUsable();
  }

  /** Passes the token to the taker without blocking, as {@link TokenSource#get()} returns it. */
  public static <T extends BearerToken> void get(
      TokenSource<T> source, Executor executor, Consumer<Supplier<T>> taker) {
    source.get(executor, taker);
  }

  /** Returns what calls by the source credentials need. */
  public static ClientContext context(ShortLivedCredentials credentials) {
    return credentials.context();
  }
}
