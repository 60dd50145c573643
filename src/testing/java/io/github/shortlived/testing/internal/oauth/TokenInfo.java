package io.github.shortlived.testing.internal.oauth;

import com.google.api.client.json.webtoken.JsonWebSignature;
import com.google.common.collect.ImmutableMap;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.control.CallRecorder;
import io.github.shortlived.testing.internal.error.OAuthException;
import io.github.shortlived.testing.internal.http.HttpCall;
import io.github.shortlived.testing.internal.http.HttpRoute;
import io.github.shortlived.testing.internal.json.Json;
import io.github.shortlived.testing.internal.key.Jwts;
import io.github.shortlived.testing.internal.token.BearerToken;
import io.github.shortlived.testing.internal.token.IssuedToken;
import io.github.shortlived.testing.internal.token.TokenIssuer;
import io.github.shortlived.testing.internal.world.World;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints that describe an access token or an ID token. The form of the responses is that of
 * published examples; for ID tokens in versions 1 and 2 it is unverified.
 */
public final class TokenInfo {
  /** The names of versions 1 and 2 for the claims that they contain. */
  private static final ImmutableMap<String, String> OLD_NAMES =
      ImmutableMap.<String, String>builder()
          .put("iss", "issuer")
          .put("azp", "issued_to")
          .put("aud", "audience")
          .put("sub", "user_id")
          .put("scope", "scope")
          .put("iat", "issued_at")
          .put("expires_in", "expires_in")
          .put("email", "email")
          .put("email_verified", "verified_email")
          .put("access_type", "access_type")
          .buildOrThrow();

  private TokenInfo() {}

  public static Stream<HttpRoute> routes() {
    return Stream.of(
            routes("/tokeninfo", TokenInfo::ofStrings, "invalid_token"),
            routes("/oauth2/v1/tokeninfo", TokenInfo::withOldNames, "invalid_token"),
            routes("/oauth2/v2/tokeninfo", TokenInfo::withOldNames, ""),
            routes("/oauth2/v3/tokeninfo", TokenInfo::ofStrings, ""))
        .flatMap(routes -> routes);
  }

  /** Versions 2 and 3 have only a description of the error. */
  private static Stream<HttpRoute> routes(
      String path, BiFunction<World, JsonObject, JsonObject> form, String error) {
    HttpRoute.Endpoint endpoint =
        (world, call, none) ->
            OAuthErrors.reply(
                () ->
                    find(world, call)
                        .map(claims -> form.apply(world, claims))
                        .orElseThrow(() -> OAuthException.invalidValue(error)));
    return Stream.of("GET", "POST").map(method -> HttpRoute.of(method, path, endpoint));
  }

  /** Node's library sends the access token in the Authorization header. */
  private static Optional<JsonObject> find(World world, HttpCall call) {
    OAuthForm form = OAuthForm.ofQueryAndForm(call);
    return form.optional("id_token")
        .map(token -> ofIdToken(world, token))
        .orElseGet(
            () ->
                form.optional("access_token")
                    .or(() -> BearerToken.of(call.authorization()))
                    .flatMap(token -> AccessTokens.findOfGoogleAccount(world, token))
                    .map(token -> ofAccessToken(world, token)));
  }

  private static JsonObject ofAccessToken(World world, IssuedToken token) {
    Caller caller = token.caller();
    CallRecorder.setCaller(caller.principal());
    JsonObject claims = new JsonObject();
    claims.addProperty("azp", AccessTokens.clientId(world, caller));
    claims.addProperty("aud", AccessTokens.clientId(world, caller));
    if (AccessTokens.revealsId(caller)) {
      claims.addProperty("sub", caller.principal().uniqueId());
    }
    claims.addProperty("scope", AccessTokens.scope(caller));
    claims.addProperty("exp", token.expiry().getEpochSecond());
    claims.addProperty("expires_in", AccessTokens.remaining(world, token).toSeconds());
    if (AccessTokens.revealsEmail(caller)) {
      claims.addProperty("email", caller.principal().email());
      claims.addProperty("email_verified", true);
    }
    claims.addProperty("access_type", AccessTokens.hasConsent(caller) ? "offline" : "online");
    return claims;
  }

  /** Returns the header and the claims of a valid ID token that Google issued. */
  private static Optional<JsonObject> ofIdToken(World world, String token) {
    return Jwts.parse(token)
        .filter(jwt -> isGoogles(world, jwt))
        .map(
            jwt -> {
              JsonObject claims = Json.tree(jwt.getPayload()).getAsJsonObject();
              claims.addProperty("alg", jwt.getHeader().getAlgorithm());
              claims.addProperty("kid", jwt.getHeader().getKeyId());
              claims.addProperty("typ", jwt.getHeader().getType());
              return claims;
            });
  }

  private static boolean isGoogles(World world, JsonWebSignature jwt) {
    return world
            .googleKeys()
            .find(jwt.getHeader().getKeyId())
            .filter(key -> Jwts.verifies(key, jwt))
            .isPresent()
        && Jwts.isFresh(jwt.getPayload(), world.clock().instant(), TokenIssuer.LIFETIME);
  }

  /** The newer versions write numbers and booleans as strings. */
  private static JsonObject ofStrings(World world, JsonObject claims) {
    JsonObject strings = new JsonObject();
    claims
        .asMap()
        .forEach(
            (name, value) ->
                strings.add(
                    name,
                    value instanceof JsonPrimitive simple
                        ? new JsonPrimitive(simple.getAsString())
                        : value));
    return strings;
  }

  private static JsonObject withOldNames(World world, JsonObject claims) {
    JsonObject complete = claims.deepCopy();
    long expiry = claims.get("exp").getAsLong();
    complete.addProperty("expires_in", expiry - world.clock().instant().getEpochSecond());
    JsonObject renamed = new JsonObject();
    OLD_NAMES.forEach(
        (name, oldName) -> {
          @Nullable JsonElement value = complete.get(name);
          if (value != null) {
            renamed.add(oldName, value);
          }
        });
    return renamed;
  }
}
