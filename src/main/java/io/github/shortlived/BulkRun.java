package io.github.shortlived;

import com.google.common.base.Throwables;
import com.google.common.collect.AbstractIterator;
import io.github.shortlived.BulkIssuer.Outcome;
import io.github.shortlived.internal.cache.CacheThreads;
import io.github.shortlived.internal.text.Arguments;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.ShortLivedCredential;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One run over many requests: each outcome that is read lets another request begin. One thread
 * reads.
 */
final class BulkRun<C extends ShortLivedCredential> extends AbstractIterator<Outcome<C>>
    implements AutoCloseable {
  private final Iterator<? extends CredentialRequest<C>> requests;
  private final int concurrency;
  private final BiFunction<CredentialRequest<C>, BooleanSupplier, Outcome<C>> issuer;
  private final ExecutorService threads;
  private final CompletionService<Outcome<C>> done;
  private int inFlight;
  private volatile boolean closed;

  /**
   * Creates a run.
   *
   * @param concurrency the number of requests in flight at a time
   * @param issuer issues a credential; gets whether the run goes on
   */
  BulkRun(
      Iterator<? extends CredentialRequest<C>> requests,
      int concurrency,
      BiFunction<CredentialRequest<C>, BooleanSupplier, Outcome<C>> issuer) {
    this.requests = requests;
    this.concurrency = concurrency;
    this.issuer = issuer;
    this.threads = CacheThreads.pool(concurrency, "bulk");
    this.done = new ExecutorCompletionService<>(threads);
  }

  @Override
  protected @Nullable Outcome<C> computeNext() {
    while (inFlight < concurrency && requests.hasNext()) {
      CredentialRequest<C> request = Arguments.nonNull(requests.next(), "requests");
      done.submit(() -> issuer.apply(request, () -> !closed));
      inFlight++;
    }
    if (inFlight == 0) {
      close();
      return endOfData();
    }
    inFlight--;
    return takeOutcome();
  }

  private Outcome<C> takeOutcome() {
    try {
      return done.take().get();
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw InternalExceptions.unavailable(
          "Waiting for the outcome of bulk requests was interrupted. Requests in flight are abandoned.");
    } catch (ExecutionException e) {
      close();
      Throwable failure = Objects.requireNonNull(e.getCause());
      Throwables.throwIfUnchecked(failure);
      throw new IllegalStateException(failure); // The issuer throws no checked exception.
    }
  }

  /** Begins no other request. Requests in flight end. */
  @Override
  public void close() {
    closed = true;
    threads.shutdown();
  }
}
