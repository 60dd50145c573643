package io.github.shortlived.testing.internal.oauth;

import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.account.Principal;
import io.github.shortlived.testing.internal.control.CallRecorder;
import io.github.shortlived.testing.internal.error.OAuthException;
import io.github.shortlived.testing.internal.token.IssuedToken;
import io.github.shortlived.testing.internal.token.SessionKey;
import io.github.shortlived.testing.internal.token.TokenTypes;
import io.github.shortlived.testing.internal.world.World;

/**
 * Exchanges an access token for one with an access boundary, or for an intermediary token, to which
 * the client adds boundaries itself. The new token expires when the original does.
 */
final class BoundedTokens {
  private BoundedTokens() {}

  static JsonObject bounded(World world, OAuthForm form) {
    AccessBoundary.require(form.required("options"));
    IssuedToken original = original(world, form);
    IssuedToken bounded =
        world
            .tokens()
            .accessToken(original.caller().bounded(), AccessTokens.remaining(world, original));
    return response(world, bounded, TokenTypes.ACCESS_TOKEN);
  }

  static JsonObject intermediary(World world, OAuthForm form) {
    IssuedToken original = original(world, form);
    IssuedToken intermediary =
        world
            .tokens()
            .intermediaryToken(original.caller(), AccessTokens.remaining(world, original));
    JsonObject response = response(world, intermediary, TokenTypes.INTERMEDIARY_TOKEN);
    intermediary
        .sessionKey()
        .map(SessionKey::keyset)
        .ifPresent(keyset -> response.addProperty("access_boundary_session_key", keyset));
    return response;
  }

  /** Google documents that a token cannot get a second boundary; the error is unverified. */
  private static IssuedToken original(World world, OAuthForm form) {
    IssuedToken original =
        AccessTokens.find(world, form.required("subject_token"))
            .orElseThrow(() -> OAuthException.invalidGrant("The subject token is not valid."));
    Principal principal = original.caller().principal();
    CallRecorder.setCaller(principal);
    if (principal.isBounded()) {
      throw OAuthException.invalidRequest("The subject token already has an access boundary.");
    }
    return original;
  }

  /** The lifetime is absent for the token of a user. */
  private static JsonObject response(World world, IssuedToken token, String type) {
    JsonObject response = new JsonObject();
    response.addProperty("access_token", token.value());
    response.addProperty("issued_token_type", type);
    response.addProperty("token_type", "Bearer");
    if (!token.caller().principal().isUser()) {
      response.addProperty("expires_in", AccessTokens.remaining(world, token).toSeconds());
    }
    return response;
  }
}
