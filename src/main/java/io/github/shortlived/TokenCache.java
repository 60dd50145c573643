package io.github.shortlived;

import com.google.common.collect.MapMaker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The engines of all requests that somebody holds a {@link TokenSource} for, and the threads they
 * use. Thread-safe.
 */
final class TokenCache {
  private static final int MOST_REQUESTS_AT_ONCE = 64;
  private static final long IDLE_SECONDS = 10;

  // An engine lives as long as somebody can reach it, or its token or request lasts.
  private final ConcurrentMap<CredentialRequest<?>, TokenEngine<?>> engines =
      new MapMaker().weakValues().makeMap();
  private final ScheduledThreadPoolExecutor watchdogs = watchdogs();
  private final Runnable stopOwnThreads;
  private final Surroundings around;
  private volatile boolean closed;

  /** A cache whose requests are made on the given executor, or on threads of its own. */
  TokenCache(InstantSource clock, @Nullable Executor given) {
    Executor executor;
    if (given == null) {
      ThreadPoolExecutor own = ownThreads();
      executor = own;
      this.stopOwnThreads = own::shutdownNow;
    } else {
      executor = given;
      this.stopOwnThreads = () -> {};
    }
    this.around =
        new Surroundings(
            clock, executor, this::schedule, () -> ThreadLocalRandom.current().nextDouble());
  }

  /** The one engine of this request. */
  @SuppressWarnings("unchecked") // An engine is kept under the request that it was made for.
  <T extends ShortLivedCredential> TokenEngine<T> engine(Recipe<T> recipe) {
    TokenEngine<?> engine =
        engines.computeIfAbsent(recipe.request(), request -> new TokenEngine<>(recipe, around));
    if (closed) { // Closing may have overlooked it.
      engine.close();
    }
    return (TokenEngine<T>) engine;
  }

  /** Drops all tokens and stops the threads; an executor that was given is left alone. */
  void close() {
    closed = true;
    List.copyOf(engines.values()).forEach(TokenEngine::close);
    watchdogs.shutdownNow();
    stopOwnThreads.run();
  }

  private Runnable schedule(Runnable task, Duration delay) {
    ScheduledFuture<?> scheduled =
        watchdogs.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    return () -> scheduled.cancel(false);
  }

  private static ScheduledThreadPoolExecutor watchdogs() {
    ScheduledThreadPoolExecutor watchdogs = new ScheduledThreadPoolExecutor(1, daemons("watchdog"));
    watchdogs.setRemoveOnCancelPolicy(true);
    return watchdogs;
  }

  private static ThreadPoolExecutor ownThreads() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            MOST_REQUESTS_AT_ONCE,
            MOST_REQUESTS_AT_ONCE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            daemons("request"));
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  private static ThreadFactory daemons(String purpose) {
    return task -> {
      Thread thread = new Thread(task, "short-lived-credentials-" + purpose);
      thread.setDaemon(true);
      return thread;
    };
  }
}
