package io.github.shortlived.internal.client;

import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.json.webtoken.JsonWebSignature;
import com.google.auth.RequestMetadataCallback;
import com.google.auth.Retryable;
import com.google.auth.ServiceAccountSigner;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.ExternalAccountCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.auth.oauth2.UserCredentials;
import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableMap;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.internal.failure.MalformedResponseException;
import io.github.shortlived.internal.failure.SourceEndpoint;
import io.github.shortlived.internal.failure.SourceFailureException;
import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.net.URI;
import java.time.Duration;
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
 * Who calls: any {@link GoogleCredentials}, scoped once, so that all requests share one cached
 * source token. Thread-safe, as google-auth's credentials are.
 */
public final class SourceCredentials {
  private static final String QUOTA_PROJECT = "x-goog-user-project";
  private static final Duration LONGEST_FOR_A_MESSAGE = Duration.ofSeconds(5);

  private final GoogleCredentials credentials;
  private final GoogleCredentials scoped;
  // The account that the metadata server told.
  private volatile @Nullable String engineAccount;

  private SourceCredentials(GoogleCredentials credentials, GoogleCredentials scoped) {
    this.credentials = credentials;
    this.scoped = scoped;
  }

  /**
   * Takes these credentials, given the scope if they ask for one. Those that repeat by themselves
   * are copied, with the token that they have, for repeating is left to {@link Retrier}; others
   * that need no scope are kept as they are, for they may be shared.
   */
  public static SourceCredentials of(GoogleCredentials credentials, String scope) {
    GoogleCredentials single = single(credentials);
    return new SourceCredentials(
        single, single.createScopedRequired() ? single.createScoped(scope) : single);
  }

  /** Only keys repeat by themselves; others may impersonate with one. */
  private static GoogleCredentials single(GoogleCredentials credentials) {
    GoogleCredentials single =
        credentials instanceof ImpersonatedCredentials impersonated
            ? impersonated.toBuilder()
                .setSourceCredentials(single(impersonated.getSourceCredentials()))
                .build()
            : credentials.createWithCustomRetryStrategy(false);
    return single.equals(credentials) ? credentials : single;
  }

  /** The credentials without a scope of ours. */
  public GoogleCredentials credentials() {
    return credentials;
  }

  /** The credentials with the scope: they hold the shared source token. */
  public GoogleCredentials scoped() {
    return scoped;
  }

  /**
   * The headers that authenticate a call: at once where there is a token, otherwise this blocks
   * until it has come, the deadline is over or the thread is interrupted. The fetching goes on
   * without it, for all who share the source token.
   */
  Map<String, List<String>> headersFor(URI service, Deadline deadline)
      throws SourceFailureException {
    CompletableFuture<Map<String, List<String>>> headers = new CompletableFuture<>();
    return awaited(
        () -> {
          scoped.getRequestMetadata(service, DaemonCalls::run, new Completing(headers));
          return DaemonCalls.await(headers, deadline);
        });
  }

  /**
   * The headers with the source's quota project, which google-auth leaves out where it was given
   * the token and has fetched none.
   */
  Map<String, List<String>> withQuotaProject(Map<String, List<String>> headers) {
    return withQuotaProject(headers, scoped);
  }

  /** The same of any credentials. */
  public static Map<String, List<String>> withQuotaProject(
      Map<String, List<String>> headers, GoogleCredentials charged) {
    String project = charged.getQuotaProjectId();
    if (project == null || headers.containsKey(QUOTA_PROJECT)) {
      return headers;
    }
    return ImmutableMap.<String, List<String>>builder()
        .putAll(headers)
        .put(QUOTA_PROJECT, List.of(project))
        .buildOrThrow();
  }

  /**
   * Whether a service that refused the source token may accept another. A token that somebody made
   * by hand has no successor.
   */
  boolean renewable() {
    boolean fixed = scoped.getClass() == GoogleCredentials.class;
    return !fixed && !(scoped instanceof UserCredentials user && user.getRefreshToken() == null);
  }

  /** Fetches another source token, unless somebody did since these headers were made. */
  void renew(Map<String, List<String>> refused, Deadline deadline) throws SourceFailureException {
    AccessToken token = scoped.getAccessToken();
    if (token != null && bearers(refused).contains("Bearer " + token.getTokenValue())) {
      Object unused =
          call(
              () -> {
                scoped.refresh();
                return token;
              },
              deadline);
    }
  }

  private static List<String> bearers(Map<String, List<String>> headers) {
    return headers.getOrDefault("Authorization", List.of());
  }

  /**
   * Asks google-auth on a thread of its own; its failure is the source's. Blocks until there is an
   * answer, the deadline is over or the thread is interrupted; the asking goes on.
   */
  public <T> T call(IoCallable<T> question, Deadline deadline) throws SourceFailureException {
    return awaited(() -> DaemonCalls.await(DaemonCalls.submit(question), deadline));
  }

  private <T> T awaited(Waiting<T> waiting) throws SourceFailureException {
    try {
      return waiting.answer();
    } catch (ExecutionException e) {
      throw failure(Objects.requireNonNull(e.getCause()));
    } catch (TimeoutException unspecific) {
      TimeoutException late = new TimeoutException("No answer came in time");
      throw SourceFailureException.of(credentials, late);
    } catch (CancellationException e) {
      throw e;
    } catch (IllegalStateException e) {
      throw failure(e);
    }
  }

  private SourceFailureException failure(Throwable cause) {
    if (cause instanceof IOException || cause instanceof IllegalStateException) {
      // google-auth's word for a token that has expired and cannot be renewed is the latter.
      return SourceFailureException.of(credentials, (Exception) cause);
    } else if (MalformedResponseException.isParseFault(cause)) {
      return SourceFailureException.of(credentials, MalformedResponseException.unreadable(cause));
    }
    Throwables.throwIfUnchecked(cause);
    throw new UndeclaredThrowableException(cause);
  }

  /** Asks google-auth, for as long as its transport takes; its failure is the source's. */
  public static <T> T call(IoCallable<T> question) throws SourceFailureException {
    try {
      return question.call();
    } catch (IOException | IllegalStateException e) {
      throw new SourceFailureException(e);
    }
  }

  /**
   * What google-auth is asked.
   *
   * @param <T> what it answers
   */
  public interface IoCallable<T> {
    /** Asks. */
    T call() throws IOException;
  }

  private interface Waiting<T> {
    T answer() throws ExecutionException, TimeoutException;
  }

  /** What google-auth tells when the headers have come. */
  private record Completing(CompletableFuture<Map<String, List<String>>> headers)
      implements RequestMetadataCallback {
    @Override
    public void onSuccess(Map<String, List<String>> metadata) {
      headers.complete(metadata);
    }

    @Override
    public void onFailure(Throwable failure) {
      headers.completeExceptionally(failure);
    }
  }

  /**
   * The service account behind these credentials, if there is one and they can tell without asking
   * anybody.
   */
  public Optional<String> account() {
    try {
      if (delegatedUser().isPresent()) {
        return Optional.empty();
      } else if (credentials instanceof ComputeEngineCredentials) {
        return Optional.ofNullable(engineAccount);
      } else if (credentials instanceof ServiceAccountSigner signer) {
        return Optional.ofNullable(signer.getAccount()).filter(SourceCredentials::isServiceAccount);
      } else if (credentials instanceof ExternalAccountCredentials external) {
        return Optional.ofNullable(external.getServiceAccountEmail())
            .filter(SourceCredentials::isServiceAccount);
      }
    } catch (RuntimeException e) {
      // A name that is none, or a stranger's credentials: the call itself reports what is broken.
    }
    return Optional.empty();
  }

  /**
   * The same; on Compute Engine the metadata server is asked, under this rule, until it has told.
   */
  public Optional<String> account(Retrier retrier) throws FailedCallException {
    Optional<String> known = account();
    return known.isEmpty() && credentials instanceof ComputeEngineCredentials
        ? retrier.call(deadline -> call(this::askedAccount, deadline))
        : known;
  }

  private Optional<String> askedAccount() throws IOException {
    Optional<String> known = account();
    if (known.isEmpty() && credentials instanceof ComputeEngineCredentials engine) {
      known = accountOf(engine).filter(SourceCredentials::isServiceAccount);
      engineAccount = known.orElse(null);
    }
    return known;
  }

  /** None if the machine has none, which it says by 404. */
  private static Optional<String> accountOf(ComputeEngineCredentials engine) throws IOException {
    try {
      return Optional.ofNullable(engine.getAccount());
    } catch (RuntimeException e) {
      if (e.getCause() instanceof IOException failure) {
        if (SourceEndpoint.httpStatus(failure).equals(Optional.of(404))) {
          return Optional.empty();
        }
        throw failure;
      }
      throw e;
    }
  }

  /**
   * Whether these are a service account's own, which signs and has ID tokens. Told by the type
   * where that can tell; no metadata server is asked for those that may have one.
   */
  public boolean isServiceAccount() {
    return delegatedUser().isEmpty()
        && (credentials instanceof ServiceAccountSigner || account().isPresent());
  }

  /**
   * The caller as a policy member. For a user this asks Google's token endpoint, whose answer
   * carries the email address when the user logged in with the scope {@code openid}; on Compute
   * Engine it asks the metadata server.
   */
  public Optional<String> member() throws IOException {
    if (credentials instanceof UserCredentials user) {
      return userEmail(user).map(email -> "user:" + email);
    }
    Optional<String> user = delegatedUser();
    return user.isPresent()
        ? user.map(email -> "user:" + email)
        : askedAccount().map(email -> "serviceAccount:" + email);
  }

  /**
   * As {@link #member}, for a message about something else: empty where asking fails, or takes
   * longer than a message is worth.
   */
  public Optional<String> memberIfKnown() {
    try {
      return credentials instanceof UserCredentials
              || credentials instanceof ComputeEngineCredentials
          ? call(this::member, Retrier.deadlineIn(LONGEST_FOR_A_MESSAGE))
          : member();
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** The user that a service account acts as, by domain-wide delegation. */
  private Optional<String> delegatedUser() {
    return credentials instanceof ServiceAccountCredentials account
        ? Optional.ofNullable(account.getServiceAccountUser())
        : Optional.empty();
  }

  /** A GKE pod without one is told to be PROJECT.svc.id.goog, which names no account. */
  private static boolean isServiceAccount(String account) {
    return account.contains("@") && account.endsWith("gserviceaccount.com");
  }

  private static Optional<String> userEmail(UserCredentials user) throws IOException {
    try {
      // A user's ID token ignores the audience; here it only tells whose it is.
      String idToken = user.idTokenWithAudience("", List.of()).getTokenValue();
      Object email =
          JsonWebSignature.parse(GsonFactory.getDefaultInstance(), idToken)
              .getPayload()
              .get("email");
      return email instanceof String text ? Optional.of(text) : Optional.empty();
    } catch (IOException | IllegalStateException e) {
      if (e instanceof Retryable) {
        throw e; // The endpoint's answer, or none: the login is broken.
      }
      return Optional.empty(); // Logged in without openid, or without a refresh token.
    }
  }
}
