package io.github.shortlived.testing.internal.client;

import com.google.auth.RequestMetadataCallback;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.Principal;
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
 * Credentials of a member for Google's clients. The emulator issues their access tokens without a
 * network call.
 */
@SuppressWarnings("serial") // Bound to a running emulator, so never serialized.
public class EmulatorCredentials extends GoogleCredentials {
  private final transient Caller caller;
  final transient Supplier<World> world;

  public EmulatorCredentials(Caller caller, Supplier<World> world) {
    this(GoogleCredentials.newBuilder(), caller, world);
  }

  /** Creates credentials with the quota project of the options. */
  EmulatorCredentials(GoogleCredentials.Builder options, Caller caller, Supplier<World> world) {
    super(options);
    this.caller = caller;
    this.world = world;
  }

  /** Returns credentials of the same type with other options, for another caller. */
  GoogleCredentials with(GoogleCredentials.Builder options, Caller other) {
    return new EmulatorCredentials(options, other, world);
  }

  @Override
  public final GoogleCredentials.Builder toBuilder() {
    return new Builder(this);
  }

  @Override
  public final GoogleCredentials createScoped(Collection<String> scopes) {
    return scopes.isEmpty()
        ? this
        : with(toBuilder(), new Caller(caller.principal(), Set.copyOf(scopes)));
  }

  @Override
  public final GoogleCredentials createScoped(
      Collection<String> scopes, Collection<String> defaultScopes) {
    return createScoped(scopes.isEmpty() ? defaultScopes : scopes);
  }

  /** Returns the principal for which tokens are issued in a world. */
  Principal principal(World now) throws IOException {
    return caller.principal();
  }

  @Override
  public final AccessToken refreshAccessToken() throws IOException {
    World now = world.get();
    Caller holder = new Caller(principal(now), caller.scopes());
    IssuedToken token = now.tokens().accessToken(holder, TokenIssuer.LIFETIME);
    return AccessToken.newBuilder()
        .setTokenValue(token.value())
        .setExpirationTime(Date.from(token.expiry()))
        .setScopes(List.copyOf(caller.scopes()))
        .build();
  }

  @Override
  public Map<String, List<String>> getRequestMetadata(@Nullable URI uri) throws IOException {
    refreshIfInvalid();
    return super.getRequestMetadata(uri);
  }

  @Override
  public void getRequestMetadata(URI uri, Executor executor, RequestMetadataCallback callback) {
    try {
      refreshIfInvalid();
      super.getRequestMetadata(uri, executor, callback);
    } catch (IOException e) {
      callback.onFailure(e);
    }
  }

  @Override
  public void refreshIfExpired() throws IOException {
    refreshIfInvalid();
    super.refreshIfExpired();
  }

  /** The base class checks the system clock: it ignores the emulator's clock and its reset. */
  private void refreshIfInvalid() throws IOException {
    AccessToken token = getAccessToken();
    if (token == null || world.get().tokens().callerOf(token.getTokenValue()).isEmpty()) {
      refresh();
    }
  }

  /** The base class compares tokens: before the first token, two members would be equal. */
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

  /**
   * Google-auth's builder would build credentials without a caller. The built ones fetch a token of
   * their own: google-auth adds the quota project to the headers only when it fetches a token.
   */
  private static final class Builder extends GoogleCredentials.Builder {
    private final EmulatorCredentials original;

    Builder(EmulatorCredentials original) {
      super(original);
      this.original = original;
      setAccessToken(null);
    }

    @Override
    public GoogleCredentials build() {
      return original.with(this, original.caller);
    }
  }
}
