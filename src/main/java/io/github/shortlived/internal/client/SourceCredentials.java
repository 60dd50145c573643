package io.github.shortlived.internal.client;

import com.google.auth.RequestMetadataCallback;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.UserCredentials;
import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableMap;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.internal.failure.MalformedResponseException;
import io.github.shortlived.internal.failure.ResponseFields;
import io.github.shortlived.internal.failure.SourceFailureException;
import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The credentials of the caller: any {@link GoogleCredentials}, scoped once, so that all requests
 * share one cached source token. Thread-safe, as google-auth's credentials are.
 */
public final class SourceCredentials {
  private static final String QUOTA_PROJECT = "x-goog-user-project";
  private static final DaemonCalls CALLS = new DaemonCalls("short-lived-credentials-source");

  private final GoogleCredentials credentials;
  private final GoogleCredentials scoped;
  // The project that calls charge; empty for the one of the scoped credentials.
  private final Optional<String> charged;
  private final Optional<SharedTransport> transport;
  private final CallerIdentity identity;

  private SourceCredentials(
      GoogleCredentials credentials,
      GoogleCredentials scoped,
      Optional<String> charged,
      Optional<SharedTransport> transport) {
    this.credentials = credentials;
    this.scoped = scoped;
    this.charged = charged;
    this.transport = transport;
    this.identity = new CallerIdentity(credentials, this);
  }

  /**
   * Wraps credentials and adds the scope if they require one. If the credentials retry, wraps a
   * copy that does not, with the current token, because only {@link Retrier} retries. Other
   * credentials that require no scope are not copied, so that they can be shared.
   */
  public static SourceCredentials of(GoogleCredentials credentials, String scope) {
    GoogleCredentials single = withoutRetries(credentials);
    return new SourceCredentials(
        single,
        single.createScopedRequired() ? single.createScoped(scope) : single,
        Optional.empty(),
        Optional.empty());
  }

  /** Returns the same credentials, which were loaded with this transport. */
  public SourceCredentials loadedWith(SharedTransport shared) {
    return new SourceCredentials(credentials, scoped, charged, Optional.of(shared));
  }

  /** Holds the transport until the returned action runs. */
  public Runnable holdTransport() {
    return transport.map(SharedTransport::hold).orElse(() -> {});
  }

  /** Returns the same credentials for calls that charge this project; null leaves theirs. */
  public SourceCredentials charging(@Nullable String project) {
    return project == null
        ? this
        : new SourceCredentials(credentials, scoped, Optional.of(project), transport);
  }

  /** Only service-account keys have retries of their own; other credentials may contain one. */
  private static GoogleCredentials withoutRetries(GoogleCredentials credentials) {
    GoogleCredentials single =
        credentials instanceof ImpersonatedCredentials impersonated
            ? impersonated.toBuilder()
                .setSourceCredentials(innerWithoutRetries(impersonated.getSourceCredentials()))
                .build()
            : credentials.createWithCustomRetryStrategy(false);
    return single.equals(credentials) ? credentials : single;
  }

  /**
   * google-auth's copies keep the token but not the quota project that google-auth sends with it. A
   * copy that has one fetches a token of its own.
   */
  private static GoogleCredentials innerWithoutRetries(GoogleCredentials inner) {
    GoogleCredentials single = withoutRetries(inner);
    return single.equals(inner) || single.getQuotaProjectId() == null
        ? single
        : single.toBuilder().setAccessToken(null).build();
  }

  /** Returns who the caller is. */
  public CallerIdentity identity() {
    return identity;
  }

  /** Returns the credentials without the added scope. */
  public GoogleCredentials credentials() {
    return credentials;
  }

  /** Returns the credentials with the scope, which cache the shared source token. */
  public GoogleCredentials scoped() {
    return scoped;
  }

  /**
   * Returns the headers that authenticate a call. Returns at once if there is a token; otherwise
   * blocks until the token is fetched, the deadline expires or the thread is interrupted. The fetch
   * continues then, for all who share the source token.
   */
  public Map<String, List<String>> headersFor(URI service, Deadline deadline)
      throws SourceFailureException {
    HeadersCallback headers = new HeadersCallback(new CompletableFuture<>());
    try {
      scoped.getRequestMetadata(service, CALLS, headers);
    } catch (IllegalStateException e) {
      headers.onFailure(e);
    }
    return await(headers.future(), deadline);
  }

  /**
   * Returns these headers with the project to charge, which google-auth omits if it did not fetch
   * the token.
   *
   * @throws SourceFailureException if a value cannot be sent
   */
  public Map<String, List<String>> headersToSend(Map<String, List<String>> headers)
      throws SourceFailureException {
    try {
      return charged.isPresent()
          ? ResponseFields.sourceHeaders(with(headers, charged.get()))
          : headersToSend(headers, scoped);
    } catch (IOException e) {
      throw SourceFailureException.of(credentials, e);
    }
  }

  /**
   * Returns these headers of other credentials with their quota project.
   *
   * @throws MalformedResponseException if a value cannot be sent
   */
  public static Map<String, List<String>> headersToSend(
      Map<String, List<String>> headers, GoogleCredentials charged)
      throws MalformedResponseException {
    String project = charged.getQuotaProjectId();
    return ResponseFields.sourceHeaders(
        project == null || headers.containsKey(QUOTA_PROJECT) ? headers : with(headers, project));
  }

  private static Map<String, List<String>> with(
      Map<String, List<String>> headers, String quotaProject) {
    return ImmutableMap.<String, List<String>>builder()
        .putAll(headers)
        .put(QUOTA_PROJECT, List.of(quotaProject))
        .buildKeepingLast();
  }

  /**
   * Returns the failure of a call that sent these headers; {@link Retrier} fetches another source
   * token if the service rejected it.
   */
  public FailedCallException withRenewal(
      FailedCallException failed, Map<String, List<String>> headers) {
    return renewable() ? failed.withRenewal(deadline -> renew(headers, deadline)) : failed;
  }

  /** Credentials that consist of a token alone cannot fetch another one. */
  boolean renewable() {
    boolean fixed = scoped.getClass() == GoogleCredentials.class;
    return !fixed && !(scoped instanceof UserCredentials user && user.getRefreshToken() == null);
  }

  /** Fetches another source token, unless the one in these headers is replaced already. */
  void renew(Map<String, List<String>> rejected, Deadline deadline) throws SourceFailureException {
    AccessToken token = scoped.getAccessToken();
    List<String> bearers = rejected.getOrDefault("Authorization", List.of());
    if (token != null && bearers.contains("Bearer " + token.getTokenValue())) {
      Object unused =
          call(
              () -> {
                scoped.refresh();
                return token;
              },
              deadline);
    }
  }

  /**
   * Calls google-auth on a daemon thread. Blocks until there is a result, the deadline expires or
   * the thread is interrupted; then the call continues in the background.
   *
   * @throws SourceFailureException if the call fails
   */
  public <T> T call(DaemonCalls.IoCallable<T> call, Deadline deadline)
      throws SourceFailureException {
    return await(CALLS.submit(call), deadline);
  }

  private <T> T await(CompletableFuture<T> result, Deadline deadline)
      throws SourceFailureException {
    try {
      return deadline.await(result);
    } catch (ExecutionException e) {
      throw failure(Objects.requireNonNull(e.getCause()));
    } catch (TimeoutException e) {
      TimeoutException late = new TimeoutException("The source did not respond in time");
      throw SourceFailureException.of(credentials, late);
    }
  }

  private SourceFailureException failure(Throwable cause) {
    if (MalformedResponseException.isParseFault(cause)) {
      return SourceFailureException.of(credentials, MalformedResponseException.unreadable(cause));
    } else if (cause instanceof ArithmeticException) { // A lifetime out of the range of a number.
      return SourceFailureException.of(credentials, MalformedResponseException.incomplete());
    } else if (cause instanceof IOException
        || cause instanceof IllegalStateException // A token has expired and cannot be renewed.
        || cause instanceof IllegalArgumentException) { // An HTTP client refuses a header.
      return SourceFailureException.of(credentials, (Exception) cause);
    }
    Throwables.throwIfUnchecked(cause);
    throw new UndeclaredThrowableException(cause);
  }

  /**
   * Calls google-auth, for as long as its transport takes; a failure is the source's.
   *
   * @throws CancellationException if the thread is interrupted
   */
  public static <T> T call(DaemonCalls.IoCallable<T> call) throws SourceFailureException {
    try {
      return call.call();
    } catch (IOException | IllegalStateException e) {
      Deadline.checkNotInterrupted(e);
      throw new SourceFailureException(e);
    }
  }

  private record HeadersCallback(CompletableFuture<Map<String, List<String>>> future)
      implements RequestMetadataCallback {
    @Override
    public void onSuccess(Map<String, List<String>> headers) {
      future.complete(headers);
    }

    @Override
    public void onFailure(Throwable failure) {
      future.completeExceptionally(failure);
    }
  }
}
