package io.github.shortlived.testing.internal.oauth;

import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.Principal;
import io.github.shortlived.testing.internal.control.CallRecorder;
import io.github.shortlived.testing.internal.error.OAuthException;
import io.github.shortlived.testing.internal.http.HttpCall;
import io.github.shortlived.testing.internal.http.HttpRoute;
import io.github.shortlived.testing.internal.token.RefreshTokens;
import io.github.shortlived.testing.internal.world.World;
import java.util.stream.Stream;

/**
 * Revokes what a user agreed to: all refresh and access tokens of the user, because a world has one
 * OAuth client. Service accounts have no consent to revoke.
 *
 * @see <a href="https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke">
 *     Revoking a token</a>
 */
public final class TokenRevocation {
  private TokenRevocation() {}

  public static Stream<HttpRoute> routes() {
    return Stream.of(
        route("POST", "/revoke"),
        route("POST", "/o/oauth2/revoke"),
        route("GET", "/o/oauth2/revoke"));
  }

  private static HttpRoute route(String method, String path) {
    return HttpRoute.of(
        method, path, (world, call, none) -> OAuthErrors.reply(() -> revoked(world, call)));
  }

  private static JsonObject revoked(World world, HttpCall call) {
    String token = OAuthForm.ofQueryAndForm(call).required("token");
    Principal user =
        world
            .identityProviders()
            .refreshTokens()
            .find(token)
            .map(RefreshTokens.Consent::user)
            .map(Principal::user)
            .orElseGet(() -> userOfAccessToken(world, token));
    CallRecorder.setCaller(user);
    world.identityProviders().refreshTokens().revoke(user.email());
    world.tokens().revoke(user);
    return new JsonObject();
  }

  /**
   * The text for a token of a service account, for itself or by delegation, is Google's; when it
   * applies is unverified.
   */
  private static Principal userOfAccessToken(World world, String token) {
    Caller caller =
        AccessTokens.find(world, token)
            .orElseThrow(() -> OAuthException.invalidToken("Token expired or revoked"))
            .caller();
    if (!caller.principal().isUser() || !AccessTokens.hasConsent(caller)) {
      throw OAuthException.invalidToken("Token is not revocable.");
    }
    return caller.principal();
  }
}
