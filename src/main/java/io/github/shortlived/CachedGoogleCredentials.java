package io.github.shortlived;

import com.google.auth.RequestMetadataCallback;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.common.collect.ImmutableMap;
import com.google.common.net.HttpHeaders;
import io.github.shortlived.internal.text.Phrases;
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
 * GoogleCredentials with the tokens of this library's cache. Each token is copied to google-auth's
 * cache, because final methods of google-auth read it there. Thread-safe.
 */
@SuppressWarnings("serial") // Refuses to be serialized.
abstract class CachedGoogleCredentials<T extends BearerToken> extends GoogleCredentials {
  private static final com.google.auth.oauth2.AccessToken NO_TOKEN =
      new com.google.auth.oauth2.AccessToken("", Date.from(Instant.EPOCH));

  private final transient ShortLivedCredentials issuer;
  private final transient TokenSource<T> tokens;
  private final transient ReentrantLock publishing = new ReentrantLock();
  private final transient Runnable closeHook = this::clear; // A hook lives as long as its owner.
  // Written under the lock.
  private transient volatile @Nullable Served<T> served;

  /** The token that was returned last, in the forms that clients use. */
  private record Served<T>(
      T token, com.google.auth.oauth2.AccessToken googleToken, Map<String, List<String>> headers) {
    @Override
    public String toString() {
      return "Served[%s]".formatted(token);
    }
  }

  /** Creates credentials with the quota project of the options. */
  CachedGoogleCredentials(
      ShortLivedCredentials issuer, TokenSource<T> tokens, GoogleCredentials.Builder options) {
    super(options);
    this.issuer = issuer;
    this.tokens = tokens;
  }

  /** Converts a token to google-auth's type. */
  abstract com.google.auth.oauth2.AccessToken toGoogleToken(T token) throws IOException;

  /** Returns the same credentials with other options. */
  abstract GoogleCredentials with(GoogleCredentials.Builder options);

  final ShortLivedCredentials issuer() {
    return issuer;
  }

  final TokenSource<T> tokens() {
    return tokens;
  }

  @Override
  public final Map<String, List<String>> getRequestMetadata(@Nullable URI uri) throws IOException {
    return serve(token()).headers();
  }

  @Override
  public final void getRequestMetadata(
      URI uri, Executor executor, RequestMetadataCallback callback) {
    tokens.getAsync(executor, token -> respond(callback, token));
  }

  /** Replaces the token. Threads whose token was rejected at the same time share its successor. */
  @Override
  public final void refresh() throws IOException {
    replace();
  }

  @Override
  public final void refreshIfExpired() throws IOException {
    serve(token());
  }

  /** Returns the token to {@link #publish}, which calls this; replaces it for any other caller. */
  @Override
  public final com.google.auth.oauth2.AccessToken refreshAccessToken() throws IOException {
    if (publishing.isHeldByCurrentThread()) {
      Served<T> current = served;
      return current == null ? NO_TOKEN : current.googleToken();
    }
    return replace().googleToken();
  }

  private Served<T> replace() throws IOException {
    Served<T> rejected = served;
    if (rejected != null) {
      tokens.invalidate(rejected.token());
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

  private void respond(RequestMetadataCallback callback, Supplier<T> token) {
    Map<String, List<String>> headers;
    try {
      headers = serve(token.get()).headers();
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
    Served<T> next = publishIfCurrent(token);
    issuer.closeHooks().add(closeHook);
    return next;
  }

  private Served<T> publishIfCurrent(T token) throws IOException {
    publishing.lock();
    try {
      Served<T> last = served;
      if (last != null && last.token() == token) {
        return last;
      }
      Served<T> next = toServed(token);
      if (isCurrent(token)) {
        served = next;
        publish();
      }
      return next;
    } finally {
      publishing.unlock();
    }
  }

  /**
   * Returns whether the token may be published: no change listener runs on this thread, and no
   * newer token is cached.
   */
  private boolean isCurrent(T token) {
    return publishing.getHoldCount() == 1 && tokens.getIfUsable() == token;
  }

  private Served<T> toServed(T token) throws IOException {
    return new Served<>(token, toGoogleToken(token), headers(token));
  }

  /** Returns the headers of a request with this token. */
  final Map<String, List<String>> headers(T token) {
    return ImmutableMap.<String, List<String>>builder()
        .put(HttpHeaders.AUTHORIZATION, List.of("Bearer " + token.token()))
        .putAll(getAdditionalHeaders())
        .buildOrThrow();
  }

  /** Drops the token here and in google-auth. A thread that publishes one clears it afterwards. */
  private void clear() {
    if (publishing.isHeldByCurrentThread() || !publishing.tryLock()) {
      return;
    }
    try {
      served = null;
      publish();
    } catch (IOException e) {
      throw new AssertionError("No call is made", e);
    } finally {
      publishing.unlock();
    }
  }

  /** Copies the token to google-auth, whose refresh calls back; it fails in interrupted threads. */
  private void publish() throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (!published()) {
        interrupted = true;
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Returns false if the thread was interrupted in the meantime. */
  private boolean published() throws IOException {
    try {
      super.refresh();
      return true;
    } catch (IOException e) {
      if (e.getCause() instanceof InterruptedException) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public final String getUniverseDomain() throws IOException {
    return issuer.context().source().credentials().getUniverseDomain();
  }

  @Override
  public final boolean createScopedRequired() {
    return false;
  }

  @Override
  public final GoogleCredentials.Builder toBuilder() {
    return new Builder(this);
  }

  /** Fails before anything is written, because the base class would write the token. */
  Object writeReplace() throws NotSerializableException {
    throw new NotSerializableException(getClass().getName());
  }

  /** Google-auth's builder would build credentials that never renew their token. */
  private static final class Builder extends GoogleCredentials.Builder {
    private static final String OWN_CACHE = "this library issues the tokens and caches them";

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
          "the source credentials decide it",
          "create ShortLivedCredentials with a source of that universe");
      InternalExceptions.require(
          getAccessToken() == null,
          "access token",
          "…",
          OWN_CACHE,
          "create GoogleCredentials of a token with GoogleCredentials.create");
      InternalExceptions.require(
          getRefreshMargin().equals(refreshMargin)
              && getExpirationMargin().equals(expirationMargin),
          "margin",
          Phrases.exact(getRefreshMargin()) + ", " + Phrases.exact(getExpirationMargin()),
          OWN_CACHE,
          "set minimumValidity on the request");
      return credentials.with(this);
    }
  }
}
