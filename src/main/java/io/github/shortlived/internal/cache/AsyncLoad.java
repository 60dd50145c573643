package io.github.shortlived.internal.cache;

import io.github.shortlived.internal.cache.CachedToken.Scheduled;
import io.github.shortlived.model.BearerToken;
import io.github.shortlived.model.TokenRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Loads a token as {@link TokenCache#load} does, without blocking. The callback gets a supplier
 * that returns the token or throws the failure.
 *
 * @param executor calls back once the token is loaded; if it rejects that, the loading thread does
 */
record AsyncLoad<T extends BearerToken>(
    TokenCache cache, TokenRequest<T> request, Executor executor, Consumer<Supplier<T>> callback) {

  void start() {
    join(false);
  }

  private void join(boolean retried) {
    RefreshingToken<T> token = cache.get(request);
    CompletableFuture<Supplier<Scheduled<T>>> load;
    try {
      load = token.join(request.minimumValidityMillis());
    } catch (IllegalStateException closed) {
      callback.accept(
          () -> {
            throw closed;
          });
      return;
    }
    if (load == null) { // Evicted in the meantime.
      cache.remove(token);
      join(retried);
    } else {
      CompletableFuture<Void> unused = // A callback handles its own faults.
          load.thenRun(() -> execute(() -> finish(token, load, retried)));
    }
  }

  private void finish(
      RefreshingToken<T> token, CompletableFuture<Supplier<Scheduled<T>>> load, boolean retried) {
    T loaded;
    try {
      loaded = token.tokenOf(load, request.minimumValidityMillis(), retried);
    } catch (RuntimeException failure) {
      callback.accept(
          () -> {
            throw failure;
          });
      return;
    }
    if (loaded == null) {
      join(true);
    } else {
      callback.accept(() -> loaded);
    }
  }

  /** Runs the task once, even if the executor rejects it or throws after it ran. */
  private void execute(Runnable task) {
    AtomicBoolean started = new AtomicBoolean();
    Runnable once =
        () -> {
          if (started.compareAndSet(false, true)) {
            task.run();
          }
        };
    try {
      executor.execute(once);
    } catch (Throwable rejection) {
      once.run();
    }
  }
}
