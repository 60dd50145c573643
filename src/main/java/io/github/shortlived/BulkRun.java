package io.github.shortlived;

import com.google.common.base.Throwables;
import com.google.common.collect.AbstractIterator;
import io.github.shortlived.internal.cache.CacheThreads;
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
 * One run over many requests: each outcome that is read lets another request begin. Not
 * thread-safe: one thread reads.
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
   * A run.
   *
   * @param requests what is asked for
   * @param concurrency how many at a time
   * @param issuer asks, if it is told that the run goes on
   */
  BulkRun(
      Iterator<? extends CredentialRequest<C>> requests,
      int concurrency,
      BiFunction<CredentialRequest<C>, BooleanSupplier, Outcome<C>> issuer) {
    this.requests = requests;
    this.concurrency = concurrency;
    this.issuer = issuer;
    this.threads = CacheThreads.upTo(concurrency, "fleet");
    this.done = new ExecutorCompletionService<>(threads);
  }

  @Override
  protected @Nullable Outcome<C> computeNext() {
    while (inFlight < concurrency && requests.hasNext()) {
      CredentialRequest<C> request = requests.next();
      done.submit(() -> issuer.apply(request, () -> !closed));
      inFlight++;
    }
    if (inFlight == 0) {
      close();
      return endOfData();
    }
    inFlight--;
    return ended();
  }

  private Outcome<C> ended() {
    try {
      return done.take().get();
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw InternalExceptions.unavailable(
          "Waiting for the credentials of a fleet was interrupted. Those under way come to nothing here.");
    } catch (ExecutionException e) {
      close();
      Throwable failure = Objects.requireNonNull(e.getCause());
      Throwables.throwIfUnchecked(failure);
      throw new IllegalStateException(
          failure); // Not possible: the issuer throws none that is checked.
    }
  }

  /** Begins no other request, nor those that wait for their turn; what is under way ends. */
  @Override
  public void close() {
    closed = true;
    threads.shutdown();
  }
}
