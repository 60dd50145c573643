package io.github.shortlived;

import io.github.shortlived.internal.cache.TokenCache;
import io.github.shortlived.model.BearerToken;
import io.github.shortlived.model.TokenRequest;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Creates {@link TokenSource}s and calls their package-private methods. */
public final class TokenSources {
  private TokenSources() {}

  public static <T extends BearerToken> TokenSource<T> create(
      TokenCache cache, TokenRequest<T> request) {
    return new TokenSource<>(cache, request);
  }

  public static <T extends BearerToken> @Nullable T getIfUsable(TokenSource<T> source) {
    return source.getIfUsable();
  }

  public static <T extends BearerToken> void getAsync(
      TokenSource<T> source, Executor executor, Consumer<Supplier<T>> callback) {
    source.getAsync(executor, callback);
  }
}
