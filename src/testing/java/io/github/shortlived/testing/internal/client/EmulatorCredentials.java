package io.github.shortlived.testing.internal.client;

import com.google.auth.RequestMetadataCallback;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.token.IssuedToken;
import io.github.shortlived.testing.internal.token.TokenIssuer;
import io.github.shortlived.testing.internal.world.World;
import java.io.IOException;
import java.net.URI;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A member of the world as Google's clients take it: its access tokens come straight from the
 * emulator, without network.
 */
public @SuppressWarnings("serial") // Bound to a running emulator; nobody serializes it.
class EmulatorCredentials extends GoogleCredentials {
  private final transient Caller caller;
  private final transient Supplier<World> world;

  public EmulatorCredentials(Caller caller, Supplier<World> world) {
    this.caller = caller;
    this.world = world;
  }

  @Override
  public GoogleCredentials createScoped(Collection<String> scopes) {
    return new EmulatorCredentials(scoped(scopes), world);
  }

  @Override
  public final GoogleCredentials createScoped(
      Collection<String> scopes, Collection<String> defaultScopes) {
    return createScoped(scopes.isEmpty() ? defaultScopes : scopes);
  }

  /** The same caller with these scopes; with none at all it keeps the ones it has. */
  final Caller scoped(Collection<String> scopes) {
    return scopes.isEmpty() ? caller : new Caller(caller.principal(), Set.copyOf(scopes));
  }

  @Override
  public AccessToken refreshAccessToken() throws IOException {
    IssuedToken token = world.get().tokens().accessToken(caller, TokenIssuer.LIFETIME);
    return AccessToken.newBuilder()
        .setTokenValue(token.value())
        .setExpirationTime(Date.from(token.expiry()))
        .setScopes(List.copyOf(caller.scopes()))
        .build();
  }

  @Override
  public Map<String, List<String>> getRequestMetadata(@Nullable URI uri) throws IOException {
    renewIfExpired();
    return super.getRequestMetadata(uri);
  }

  @Override
  public void getRequestMetadata(URI uri, Executor executor, RequestMetadataCallback callback) {
    try {
      renewIfExpired();
      super.getRequestMetadata(uri, executor, callback);
    } catch (IOException e) {
      callback.onFailure(e);
    }
  }

  @Override
  public void refreshIfExpired() throws IOException {
    renewIfExpired();
    super.refreshIfExpired();
  }

  /** The base class looks at the system's clock, the emulator may live by another, or was reset. */
  private void renewIfExpired() throws IOException {
    AccessToken token = getAccessToken();
    if (token == null || world.get().tokens().holder(token.getTokenValue()).isEmpty()) {
      refresh();
    }
  }

  /** The base class compares tokens: before their first token, two members would be equal. */
  @Override
  public final boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public final int hashCode() {
    return System.identityHashCode(this);
  }

  /** The base class would print the token. */
  @Override
  public String toString() {
    return "EmulatorCredentials[" + caller.principal().member() + "]";
  }
}
