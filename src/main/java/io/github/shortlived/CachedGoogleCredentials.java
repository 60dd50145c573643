package io.github.shortlived;

import com.google.auth.RequestMetadataCallback;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.common.collect.ImmutableMap;
import com.google.common.net.HttpHeaders;
import io.github.shortlived.internal.cache.TokenHolders;
import io.github.shortlived.model.BearerToken;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import java.io.IOException;
import java.io.NotSerializableException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * GoogleCredentials that serve the tokens of this library's cache. google-auth's own cache decides
 * nothing here; it is told of each token, since {@code getAccessToken()} and the change listeners,
 * which are final there, live by it. Thread-safe.
 */
@SuppressWarnings("serial") // Refuses to be serialized.
abstract class CachedGoogleCredentials<T extends BearerToken> extends GoogleCredentials
    implements TokenHolders.Holder {
  private static final com.google.auth.oauth2.AccessToken FORGOTTEN =
      new com.google.auth.oauth2.AccessToken("", Date.from(Instant.EPOCH));

  private final transient ShortLivedCredentials issuer;
  private final transient TokenSource<T> tokens;
  private final transient ReentrantLock telling = new ReentrantLock();
  // Written under the lock.
  private transient volatile @Nullable Served<T> served;

  /** A token with the forms in which it is asked for, made once. */
  private record Served<T>(
      T token, com.google.auth.oauth2.AccessToken form, Map<String, List<String>> headers) {
    @Override
    public String toString() {
      return "Served[%s]".formatted(token);
    }
  }

  /** Takes the quota project of the options. */
  CachedGoogleCredentials(
      ShortLivedCredentials issuer, TokenSource<T> tokens, GoogleCredentials.Builder options) {
    super(options);
    this.issuer = issuer;
    this.tokens = tokens;
  }

  /** The token in google-auth's form. */
  abstract com.google.auth.oauth2.AccessToken form(T token) throws IOException;

  /** The same with other options. */
  abstract GoogleCredentials with(GoogleCredentials.Builder options);

  final ShortLivedCredentials issuer() {
    return issuer;
  }

  @Override
  public final Map<String, List<String>> getRequestMetadata(@Nullable URI uri) throws IOException {
    return serve(token()).headers();
  }

  @Override
  public final void getRequestMetadata(
      URI uri, Executor executor, RequestMetadataCallback callback) {
    tokens.get(executor, outcome -> tell(callback, outcome));
  }

  /** Of many threads that were refused the same token, those in time share its successor. */
  @Override
  public final void refresh() throws IOException {
    another();
  }

  @Override
  public final void refreshIfExpired() throws IOException {
    serve(token());
  }

  /** Asked by google-auth's refresh alone, which is handed the token there is; or by a stranger. */
  @Override
  public final com.google.auth.oauth2.AccessToken refreshAccessToken() throws IOException {
    if (telling.isHeldByCurrentThread()) {
      Served<T> told = served;
      return told == null ? FORGOTTEN : told.form();
    }
    return another().form();
  }

  private Served<T> another() throws IOException {
    Served<T> refused = served;
    if (refused != null) {
      tokens.invalidate(refused.token());
    }
    return serve(token());
  }

  private T token() throws IOException {
    try {
      return tokens.get();
    } catch (CredentialException e) {
      throw new IssuanceIOException(e);
    }
  }

  private void tell(RequestMetadataCallback callback, Supplier<T> outcome) {
    Map<String, List<String>> headers;
    try {
      headers = serve(outcome.get()).headers();
    } catch (CredentialException e) {
      callback.onFailure(new IssuanceIOException(e));
      return;
    } catch (IOException | RuntimeException e) {
      callback.onFailure(e);
      return;
    }
    callback.onSuccess(headers);
  }

  private Served<T> serve(T token) throws IOException {
    Served<T> last = served;
    if (last != null && last.token() == token) {
      return last;
    }
    Served<T> next = served(token);
    issuer.closeHooks().add(this);
    return next;
  }

  private Served<T> served(T token) throws IOException {
    telling.lock();
    try {
      Served<T> last = served;
      if (last != null && last.token() == token) {
        return last;
      }
      Served<T> next = toServed(token);
      if (isToBeTold(token)) {
        served = next;
        tellGoogleAuth();
      }
      return next;
    } finally {
      telling.unlock();
    }
  }

  /** Not by a listener, who is being told; and whoever is late brings no old token back. */
  private boolean isToBeTold(T token) {
    T current = tokens.getIfUsable();
    return telling.getHoldCount() == 1 && current == token;
  }

  private Served<T> toServed(T token) throws IOException {
    ImmutableMap<String, List<String>> headers =
        ImmutableMap.<String, List<String>>builder()
            .put(HttpHeaders.AUTHORIZATION, List.of("Bearer " + token.token()))
            .putAll(getAdditionalHeaders())
            .buildOrThrow();
    return new Served<>(token, form(token), headers);
  }

  /** In google-auth's cache too. Who tells it just now, or lets a listener do so, forgets later. */
  @Override
  public final void clear() {
    if (telling.isHeldByCurrentThread() || !telling.tryLock()) {
      return;
    }
    try {
      served = null;
      tellGoogleAuth();
    } catch (IOException e) {
      throw new AssertionError("Nobody is asked", e);
    } finally {
      telling.unlock();
    }
  }

  /** Its refresh asks this very thread; an interrupted one it would not even let do that. */
  private void tellGoogleAuth() throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      super.refresh();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public final String getUniverseDomain() throws IOException {
    return issuer.universeDomain();
  }

  @Override
  public final boolean createScopedRequired() {
    return false;
  }

  @Override
  public final GoogleCredentials.Builder toBuilder() {
    return new Builder(this);
  }

  /** Asked before anything is written: the base class would write the token. */
  Object writeReplace() throws NotSerializableException {
    throw new NotSerializableException(getClass().getName());
  }

  /** The base class's would build credentials that end with the token they have. */
  private static final class Builder extends GoogleCredentials.Builder {
    private static final String THE_CACHES = "the tokens are this library's, as is their cache";

    private final CachedGoogleCredentials<?> credentials;
    private final Duration refreshMargin;
    private final Duration expirationMargin;

    Builder(CachedGoogleCredentials<?> credentials) {
      super(credentials);
      this.credentials = credentials;
      this.refreshMargin = getRefreshMargin();
      this.expirationMargin = getExpirationMargin();
      setAccessToken(null);
    }

    @Override
    public GoogleCredentials build() {
      InternalExceptions.require(
          getUniverseDomain() == null,
          "universe domain",
          String.valueOf(getUniverseDomain()),
          "it is the source credentials'",
          "make ShortLivedCredentials of a source of that universe");
      InternalExceptions.require(
          getAccessToken() == null,
          "access token",
          "…",
          THE_CACHES,
          "make GoogleCredentials of a token by GoogleCredentials.create");
      InternalExceptions.require(
          getRefreshMargin().equals(refreshMargin)
              && getExpirationMargin().equals(expirationMargin),
          "margin",
          getRefreshMargin() + ", " + getExpirationMargin(),
          THE_CACHES,
          "ask for tokens that last by minimumValidity of the request");
      return credentials.with(this);
    }
  }
}
