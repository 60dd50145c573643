package io.github.shortlived.internal.cache;

import io.github.shortlived.TokenSource;
import io.github.shortlived.TokenSources;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.BearerToken;
import io.github.shortlived.model.Scopes;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.TokenRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A cache with a clock, a timer, an executor and a service that a test controls. */
public final class TokenRig implements InstantSource, CacheThreads.Timer, Executor, TokenLoader {
  public static final AccessTokenRequest REQUEST =
      AccessTokenRequest.of(
          ServiceAccount.of("target@p.iam.gserviceaccount.com"), Scopes.CLOUD_PLATFORM);
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  final AtomicInteger loads = new AtomicInteger();
  final List<ScheduledDrop> drops = new ArrayList<>();
  final TokenCache cache;
  final TokenSource<AccessToken> source;
  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final Deque<Throwable> failures = new ArrayDeque<>();
  Runnable onSchedule = () -> {};
  private volatile Instant now = START;
  volatile @Nullable AccessToken fixedToken; // The token of all later loads, if not null.
  volatile Duration lifetime = Duration.ofHours(1);

  /** A scheduled task that drops a token. */
  static final class ScheduledDrop {
    final Runnable task;
    final Duration delay;
    boolean cancelled;

    ScheduledDrop(Runnable task, Duration delay) {
      this.task = task;
      this.delay = delay;
    }
  }

  TokenRig() {
    this(10);
  }

  TokenRig(int maxTokens) {
    cache = new TokenCache(maxTokens, this, new CacheThreads(this, this, () -> {}), this, () -> 0);
    source = source(REQUEST);
  }

  TokenSource<AccessToken> source(AccessTokenRequest request) {
    return TokenSources.create(cache, request);
  }

  RefreshingToken<AccessToken> token(AccessTokenRequest request) {
    return cache.get(request);
  }

  /** Returns the token that is cached or loaded; null if it was evicted. */
  @Nullable AccessToken await(RefreshingToken<AccessToken> token) {
    var load = token.join(0);
    return load == null ? null : token.tokenOf(load, 0, true);
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T extends BearerToken> T load(TokenRequest<T> request, boolean refresh) {
    return (T) TokenCache.requireNotExpired(nextToken(), request, instant());
  }

  private AccessToken nextToken() {
    int number = loads.incrementAndGet();
    Throwable failure = failures.poll();
    if (failure != null) {
      TokenRig.<RuntimeException>sneak(failure);
    }
    return fixedToken != null
        ? fixedToken
        : new AccessToken("token-" + number, instant().plus(lifetime));
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Throwable failure) throws E {
    throw (E) failure;
  }

  void failNext(Throwable failure) {
    failures.add(failure);
  }

  /** Runs the one request in flight; fails if there is none. */
  void runRequest() throws InterruptedException {
    Runnable task = tasks.poll(1, TimeUnit.MINUTES);
    if (task == null) {
      throw new AssertionError("No request was made");
    }
    task.run();
  }

  int requestsWaiting() {
    return tasks.size();
  }

  synchronized void advance(Duration by) {
    now = now.plus(by);
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public Runnable schedule(Runnable task, Duration delay) {
    ScheduledDrop drop = new ScheduledDrop(task, delay);
    drops.add(drop);
    onSchedule.run();
    return () -> drop.cancelled = true;
  }
}
