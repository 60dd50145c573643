package io.github.shortlived.testing.internal.oauth;

import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.Principal;
import io.github.shortlived.testing.internal.account.StableIds;
import io.github.shortlived.testing.internal.control.CallRecorder;
import io.github.shortlived.testing.internal.error.OAuthException;
import io.github.shortlived.testing.internal.token.RefreshTokens;
import io.github.shortlived.testing.internal.world.World;
import java.util.List;
import java.util.Set;

/**
 * Exchanges a user's refresh token for an access token and, if the user agreed to {@code openid},
 * an ID token. The texts of the errors are unverified.
 */
final class RefreshTokenGrant {
  static final String TYPE = "refresh_token";

  private RefreshTokenGrant() {}

  static JsonObject response(World world, OAuthForm form) {
    requireClient(world, form);
    RefreshTokens.Consent consent =
        world
            .identityProviders()
            .refreshTokens()
            .find(form.required("refresh_token"))
            .orElseThrow(() -> OAuthException.invalidGrant("Bad Request"));
    CallRecorder.setCaller(Principal.user(consent.user()));
    return tokens(world, consent.user(), scopes(form, consent));
  }

  private static void requireClient(World world, OAuthForm form) {
    RefreshTokens known = world.identityProviders().refreshTokens();
    if (!form.required("client_id").equals(known.clientId())) {
      throw OAuthException.invalidClient("The OAuth client was not found.");
    }
    if (!form.optional("client_secret").orElse("").equals(known.clientSecret())) {
      throw OAuthException.invalidClient("The provided client secret is invalid.");
    }
  }

  /** A client may request fewer scopes than the user agreed to, not more. */
  private static List<String> scopes(OAuthForm form, RefreshTokens.Consent consent) {
    List<String> scopes =
        form.optional("scope").map(OAuthForm.SPACES::splitToList).orElseGet(consent::scopes);
    if (!consent.scopes().containsAll(scopes)) {
      throw OAuthException.invalidScope();
    }
    return scopes;
  }

  private static JsonObject tokens(World world, String user, List<String> scopes) {
    Caller caller = new Caller(Principal.user(user), Set.copyOf(scopes));
    JsonObject response = world.tokens().accessTokenResponse(caller);
    response.addProperty("scope", String.join(" ", scopes));
    if (scopes.contains("openid")) {
      response.addProperty("id_token", idToken(world, user));
    }
    return response;
  }

  /** The audience is the OAuth client, because this grant takes none. */
  private static String idToken(World world, String user) {
    String clientId = world.identityProviders().refreshTokens().clientId();
    JsonObject claims = new JsonObject();
    claims.addProperty("aud", clientId);
    claims.addProperty("azp", clientId);
    claims.addProperty("email", user);
    claims.addProperty("email_verified", true);
    claims.addProperty("sub", StableIds.userId(user));
    return world.tokens().signIdToken(claims);
  }
}
