package io.github.shortlived.testing;

import com.google.common.base.Splitter;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A user's refresh token becomes an access token and, where the user agreed to {@code openid}, an
 * ID token. The texts of its refusals are unverified.
 */
final class RefreshGrant {
  static final String TYPE = "refresh_token";
  private static final Duration LIFETIME = Duration.ofHours(1);
  private static final Splitter SPACES = Splitter.on(' ').omitEmptyStrings();

  private final World world;

  RefreshGrant(World world) {
    this.world = world;
  }

  HttpReply answer(OAuthForm form) {
    requireClient(form);
    RefreshTokens.Consent consent =
        world
            .signIn()
            .refreshTokens()
            .find(form.required("refresh_token"))
            .orElseThrow(() -> OAuthRefusal.invalidGrant("Bad Request"));
    CallNotes.caller(Principal.user(consent.user()));
    return HttpReply.json(200, tokens(consent.user(), scopes(form, consent)));
  }

  private void requireClient(OAuthForm form) {
    RefreshTokens known = world.signIn().refreshTokens();
    if (!form.required("client_id").equals(known.clientId())) {
      throw OAuthRefusal.invalidClient("The OAuth client was not found.");
    }
    if (!form.optional("client_secret").orElse("").equals(known.clientSecret())) {
      throw OAuthRefusal.invalidClient("The provided client secret is invalid.");
    }
  }

  /** A client may ask for less than the user agreed to, not for more. */
  private static List<String> scopes(OAuthForm form, RefreshTokens.Consent consent) {
    List<String> scopes =
        form.optional("scope").map(SPACES::splitToList).orElseGet(consent::scopes);
    if (!consent.scopes().containsAll(scopes)) {
      throw OAuthRefusal.invalidScope();
    }
    return scopes;
  }

  private JsonObject tokens(String user, List<String> scopes) {
    Caller holder = new Caller(Principal.user(user), Set.copyOf(scopes));
    JsonObject answer = new JsonObject();
    answer.addProperty("access_token", world.mint().accessToken(holder, LIFETIME).value());
    answer.addProperty("expires_in", LIFETIME.toSeconds() - 1);
    answer.addProperty("scope", String.join(" ", scopes));
    answer.addProperty("token_type", "Bearer");
    if (scopes.contains("openid")) {
      answer.addProperty("id_token", idToken(user));
    }
    return answer;
  }

  /** Made out to the OAuth client: this grant takes no audience. */
  private String idToken(String user) {
    String clientId = world.signIn().refreshTokens().clientId();
    JsonObject claims = new JsonObject();
    claims.addProperty("aud", clientId);
    claims.addProperty("azp", clientId);
    claims.addProperty("email", user);
    claims.addProperty("email_verified", true);
    claims.addProperty("sub", StableIds.userId(user));
    return world.mint().signed(claims);
  }
}
