package io.github.shortlived;

import com.google.common.collect.Streams;
import io.github.shortlived.internal.text.Arguments;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.ShortLivedCredential;
import io.github.shortlived.model.TokenRequest;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Issues credentials for thousands of targets, made by {@link ShortLivedCredentials#bulkIssuer()}.
 * Limits the requests in flight and the requests per minute, and returns an {@link Outcome} for
 * each request, so that a failure stops no other request. The page "Behavior of calls" describes
 * which requests use the cache and which count. Immutable and thread-safe; methods that change an
 * option return a copy.
 *
 * @see <a href="https://cloud.google.com/iam/quotas">IAM quotas and limits</a>
 */
public final class BulkIssuer {
  /**
   * The default quota of a project: this many token requests per minute, and as many signatures.
   */
  public static final int STANDARD_QUOTA_PER_MINUTE = 60_000;

  private static final int DEFAULT_CONCURRENCY = 64;
  private static final int MAX_CONCURRENCY = 1_000;

  private final ShortLivedCredentials credentials;
  private final int concurrency;
  private final RateLimit rateLimit;
  private final Consumer<? super Progress> listener;

  private BulkIssuer(
      ShortLivedCredentials credentials,
      int concurrency,
      RateLimit rateLimit,
      Consumer<? super Progress> listener) {
    this.credentials = credentials;
    this.concurrency = concurrency;
    this.rateLimit = rateLimit;
    this.listener = listener;
  }

  static BulkIssuer of(ShortLivedCredentials credentials) {
    return new BulkIssuer(
        credentials, DEFAULT_CONCURRENCY, RateLimit.of(STANDARD_QUOTA_PER_MINUTE), progress -> {});
  }

  /**
   * Sets the number of concurrent requests, each on its own thread. The default is 64.
   *
   * @param max 1 to 1,000
   * @throws CredentialException.InvalidRequest if it is outside that range
   */
  public BulkIssuer concurrency(int max) {
    InternalExceptions.require(
        max >= 1 && max <= MAX_CONCURRENCY,
        "concurrency",
        Integer.toString(max),
        "it must be from 1 to " + MAX_CONCURRENCY,
        "multiply the requests per second that you need by the seconds that one request takes");
    return new BulkIssuer(credentials, max, rateLimit, listener);
  }

  /**
   * Sets the maximum number of requests per minute. The default is {@link
   * #STANDARD_QUOTA_PER_MINUTE}. All programs of a project share its quota.
   *
   * @param max at least 1
   * @throws CredentialException.InvalidRequest if it is less
   */
  public BulkIssuer requestsPerMinute(int max) {
    InternalExceptions.require(
        max >= 1,
        "requests per minute",
        Integer.toString(max),
        "it must be at least 1",
        "pass the quota of your project, or the part of it that this program may use");
    return new BulkIssuer(credentials, concurrency, RateLimit.of(max), listener);
  }

  /** Replaces the limiter in tests. */
  BulkIssuer withLimiter(Runnable limiter) {
    return new BulkIssuer(credentials, concurrency, rateLimit.withLimiter(limiter), listener);
  }

  /**
   * Sets the listener for progress. The thread that reads the outcomes calls it before it returns
   * each one. An exception that the listener throws ends the run.
   */
  public BulkIssuer reportingTo(Consumer<? super Progress> listener) {
    Arguments.nonNull(listener, "listener");
    return new BulkIssuer(credentials, concurrency, rateLimit, listener);
  }

  /**
   * Issues a credential for each request. Blocks until the last outcome.
   *
   * @return the outcomes by request, in the order of the requests; equal requests count once
   * @throws IllegalStateException if the {@link ShortLivedCredentials} are closed
   * @throws CredentialException.Unavailable if this thread is interrupted; it keeps its interrupted
   *     status
   */
  public <C extends ShortLivedCredential> Map<CredentialRequest<C>, Outcome<C>> issue(
      Collection<? extends CredentialRequest<C>> requests) {
    Set<CredentialRequest<C>> distinct = new LinkedHashSet<>(Arguments.copy(requests, "requests"));
    try (Stream<Outcome<C>> outcomes = stream(distinct)) {
      Map<CredentialRequest<C>, Outcome<C>> byRequest =
          outcomes.collect(Collectors.toMap(Outcome::request, Function.identity()));
      return Collections.unmodifiableMap(
          distinct.stream()
              .collect(LinkedHashMap::new, (m, r) -> m.put(r, byRequest.get(r)), Map::putAll));
    }
  }

  /**
   * Issues a credential for each request while the stream is read, and returns outcomes in the
   * order in which they complete. Reading blocks until the next outcome. No more requests than the
   * concurrency run ahead of the reader, so memory stays bounded. To stop early, close the stream;
   * requests in flight are abandoned.
   *
   * <p>The stream is sequential. Reading throws {@link IllegalStateException} if the {@link
   * ShortLivedCredentials} are closed, and {@link CredentialException.Unavailable} if the reading
   * thread is interrupted, which keeps its interrupted status.
   */
  public <C extends ShortLivedCredential> Stream<Outcome<C>> stream(
      Collection<? extends CredentialRequest<C>> requests) {
    Arguments.nonNull(requests, "requests");
    BulkRun<C> run = new BulkRun<>(requests.iterator(), concurrency, this::outcome);
    Tally tally = new Tally(requests.size());
    return Streams.stream(run)
        .onClose(run::close)
        .peek(outcome -> listener.accept(tally.add(outcome)));
  }

  /** Issues one credential, on a thread of the run. */
  private <C extends ShortLivedCredential> Outcome<C> outcome(
      CredentialRequest<C> request, BooleanSupplier isRunning) {
    try {
      return new Outcome.Issued<>(request, issue(request, isRunning));
    } catch (CredentialException e) {
      return new Outcome.Failed<>(request, e);
    }
  }

  private <C extends ShortLivedCredential> C issue(
      CredentialRequest<C> request, BooleanSupplier isRunning) {
    if (needsCall(request)) {
      rateLimit.acquire(isRunning);
    }
    if (!isRunning.getAsBoolean()) {
      throw InternalExceptions.unavailable("The run has ended."); // No reader is left.
    }
    C cached = cached(request);
    return cached != null ? cached : credentials.issue(request.fresh());
  }

  /** Returns whether this request now calls Google, be it for a background refresh. */
  private boolean needsCall(CredentialRequest<?> request) {
    return !(request instanceof TokenRequest<?> tokenRequest)
        || credentials.tokens().needsLoad(tokenRequest);
  }

  @SuppressWarnings("unchecked") // The type parameter of a request is the type of its credential.
  private <C extends ShortLivedCredential> @Nullable C cached(CredentialRequest<C> request) {
    return request instanceof TokenRequest<?> tokenRequest
        ? (C) credentials.tokens().getIfUsable(tokenRequest)
        : null;
  }

  /** {@return the concurrency and the requests per minute} */
  @Override
  public String toString() {
    return "BulkIssuer[concurrency=%d, requestsPerMinute=%d]"
        .formatted(concurrency, rateLimit.perMinute());
  }

  /**
   * The progress of a run.
   *
   * @param done the number of outcomes so far, failures included
   * @param failed the number of failures so far
   * @param total the number of requests
   */
  public record Progress(int done, int failed, int total) {}

  /**
   * The outcome of one request. An immutable value; {@code toString} shows no secret.
   *
   * @param <C> the type of the credential
   */
  public sealed interface Outcome<C extends ShortLivedCredential> {
    /** {@return the request} */
    CredentialRequest<C> request();

    /** {@return the credential; empty if the request failed} */
    default Optional<C> credential() {
      return this instanceof Issued<C> success ? Optional.of(success.issued()) : Optional.empty();
    }

    /** {@return the failure; empty if the credential was issued} */
    default Optional<CredentialException> failure() {
      return this instanceof Failed<C> failed ? Optional.of(failed.cause()) : Optional.empty();
    }

    /**
     * The credential was issued, or was cached.
     *
     * @param request the request
     * @param issued the credential
     */
    record Issued<C extends ShortLivedCredential>(CredentialRequest<C> request, C issued)
        implements Outcome<C> {
      public Issued {
        Arguments.nonNull(request, "request");
        Arguments.nonNull(issued, "issued");
      }
    }

    /**
     * The request failed, after all retries.
     *
     * @param request the request
     * @param cause the failure
     */
    record Failed<C extends ShortLivedCredential>(
        CredentialRequest<C> request, CredentialException cause) implements Outcome<C> {
      public Failed {
        Arguments.nonNull(request, "request");
        Arguments.nonNull(cause, "cause");
      }
    }
  }

  /** Counts outcomes; used by the reading thread only. */
  private static final class Tally {
    private final int total;
    private int done;
    private int failed;

    Tally(int total) {
      this.total = total;
    }

    Progress add(Outcome<?> outcome) {
      done++;
      failed += outcome.failure().isPresent() ? 1 : 0;
      return new Progress(done, failed, total);
    }
  }
}
