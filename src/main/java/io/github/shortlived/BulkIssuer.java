package io.github.shortlived;

import com.google.common.collect.Streams;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.ShortLivedCredential;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Issues credentials for thousands of targets at once: so many requests under way at a time, no
 * more a minute than the quota allows, and for each request an {@link Outcome}, so that one that
 * fails stops no other. Had from {@link ShortLivedCredentials#bulkIssuer()}. Tokens are kept as
 * usual, and those kept already cost no request until they are to be renewed.
 *
 * <p>A token that is not kept is asked for, even if another caller is waiting for the same; what
 * comes is kept for all.
 *
 * <p>Immutable and thread-safe; the methods that set something return a changed copy. Runs of one
 * fleet share its requests a minute. What a fault makes to be repeated counts once.
 *
 * @see <a href="https://cloud.google.com/iam/quotas">IAM quotas and limits</a>
 */
public final class BulkIssuer {
  /**
   * Requests for tokens that Google allows a project in a minute, and as many for signatures,
   * unless it was given another quota.
   */
  public static final int STANDARD_QUOTA_PER_MINUTE = 60_000;

  private static final int CONCURRENCY = 64;
  private static final int MOST_CONCURRENCY = 1_000;

  private final ShortLivedCredentials credentials;
  private final int concurrency;
  private final RateLimit pace;
  private final Consumer<? super Progress> listener;

  private BulkIssuer(
      ShortLivedCredentials credentials,
      int concurrency,
      RateLimit pace,
      Consumer<? super Progress> listener) {
    this.credentials = credentials;
    this.concurrency = concurrency;
    this.pace = pace;
    this.listener = listener;
  }

  static BulkIssuer of(ShortLivedCredentials credentials) {
    return new BulkIssuer(
        credentials, CONCURRENCY, RateLimit.of(STANDARD_QUOTA_PER_MINUTE), progress -> {});
  }

  /**
   * Sets how many requests are under way at a time, each on a thread of its own; 64 unless set.
   *
   * @param most 1 to 1,000
   * @throws CredentialException.InvalidRequest if it is outside that range
   */
  public BulkIssuer concurrency(int most) {
    InternalExceptions.require(
        most >= 1 && most <= MOST_CONCURRENCY,
        "concurrency",
        Integer.toString(most),
        "it is 1 to " + MOST_CONCURRENCY,
        "divide the rate you want by the requests that one thread makes in that time");
    return new BulkIssuer(credentials, most, pace, listener);
  }

  /**
   * Sets how many requests are made in a minute at most; {@link #STANDARD_QUOTA_PER_MINUTE} unless
   * set. The rest of a project's quota is left to others.
   *
   * @param most at least 1
   * @throws CredentialException.InvalidRequest if it is less
   */
  public BulkIssuer requestsPerMinute(int most) {
    InternalExceptions.require(
        most >= 1,
        "requests per minute",
        Integer.toString(most),
        "it is at least 1",
        "pass the quota of your project, or the part of it that this program may use");
    return new BulkIssuer(credentials, concurrency, RateLimit.of(most), listener);
  }

  /** Sets what each request waits for; tests count. */
  BulkIssuer pacedBy(Runnable pacer) {
    return new BulkIssuer(credentials, concurrency, pace.withLimiter(pacer), listener);
  }

  /**
   * Sets who is told of each outcome, on the thread that reads them, before it is handed over. What
   * the listener throws ends the run.
   */
  public BulkIssuer reportingTo(Consumer<? super Progress> listener) {
    return new BulkIssuer(credentials, concurrency, pace, listener);
  }

  /**
   * Issues them all. Blocks until the last outcome is there.
   *
   * @return the outcomes by request, in the order of the requests, each of which counts once
   * @throws IllegalStateException if the {@link ShortLivedCredentials} are closed
   * @throws CredentialException.Unavailable if this thread is interrupted, which leaves its
   *     interrupted status set
   */
  public <C extends ShortLivedCredential> Map<CredentialRequest<C>, Outcome<C>> issue(
      Collection<? extends CredentialRequest<C>> requests) {
    Set<CredentialRequest<C>> distinct = new LinkedHashSet<>(requests);
    try (Stream<Outcome<C>> outcomes = stream(distinct)) {
      Map<CredentialRequest<C>, Outcome<C>> found =
          outcomes.collect(Collectors.toMap(Outcome::request, Function.identity()));
      return Collections.unmodifiableMap(
          distinct.stream()
              .collect(LinkedHashMap::new, (m, r) -> m.put(r, found.get(r)), Map::putAll));
    }
  }

  /**
   * Issues them one after the other as the stream is read, in the order in which they are done.
   * Requests run ahead of the reader by no more than the concurrency, so that any number of them
   * takes bounded memory; reading blocks while none is done. To stop early, close the stream; what
   * is under way then ends unheard.
   *
   * <p>The stream is sequential. Reading throws {@link IllegalStateException} if the {@link
   * ShortLivedCredentials} are closed, once a request has had its turn, and {@link
   * CredentialException.Unavailable} if the reading thread is interrupted, whose interrupted status
   * stays set.
   */
  public <C extends ShortLivedCredential> Stream<Outcome<C>> stream(
      Collection<? extends CredentialRequest<C>> requests) {
    BulkRun<C> run = new BulkRun<>(requests.iterator(), concurrency, this::outcome);
    Tally tally = new Tally(requests.size());
    return Streams.stream(run)
        .onClose(run::close)
        .peek(outcome -> listener.accept(tally.with(outcome)));
  }

  /** On a thread of the run's own. */
  private <C extends ShortLivedCredential> Outcome<C> outcome(
      CredentialRequest<C> request, BooleanSupplier goesOn) {
    try {
      return new Outcome.Issued<>(request, issued(request, goesOn));
    } catch (CredentialException e) {
      return new Outcome.Failed<>(request, e);
    }
  }

  private <C extends ShortLivedCredential> C issued(
      CredentialRequest<C> request, BooleanSupplier goesOn) {
    if (credentials.costsRequest(request)) {
      pace.await(goesOn);
    }
    if (!goesOn.getAsBoolean()) {
      throw InternalExceptions.unavailable("The fleet was stopped before it asked."); // Unheard.
    }
    return credentials.cached(request).orElseGet(() -> credentials.issue(request.fresh()));
  }

  /** How much it does at once, and a minute. */
  @Override
  public String toString() {
    return "BulkIssuer[concurrency=%d, requestsPerMinute=%d]"
        .formatted(concurrency, pace.perMinute());
  }

  /**
   * How far a run is.
   *
   * @param done how many outcomes there are, failures included
   * @param failed how many of them are failures
   * @param total how many there will be
   */
  public record Progress(int done, int failed, int total) {}

  /** Counts; by the reader's thread alone. */
  private static final class Tally {
    private final int total;
    private int done;
    private int failed;

    Tally(int total) {
      this.total = total;
    }

    Progress with(Outcome<?> outcome) {
      done++;
      failed += outcome.failure().isPresent() ? 1 : 0;
      return new Progress(done, failed, total);
    }
  }
}
