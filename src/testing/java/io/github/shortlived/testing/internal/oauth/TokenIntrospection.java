package io.github.shortlived.testing.internal.oauth;

import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.account.Principal;
import io.github.shortlived.testing.internal.control.CallRecorder;
import io.github.shortlived.testing.internal.http.HttpRoute;
import io.github.shortlived.testing.internal.token.IssuedToken;
import io.github.shortlived.testing.internal.world.World;
import java.util.stream.Stream;

/**
 * Describes the access tokens of the Security Token Service, as RFC 7662 defines it; gcloud reads
 * the name of a workload there. The fields are documented, the values of {@code sub} and {@code
 * iss} are unverified, and so is the response for other tokens.
 */
public final class TokenIntrospection {
  private TokenIntrospection() {}

  public static Stream<HttpRoute> routes() {
    return Stream.of(
        HttpRoute.of(
            "POST",
            "/v1/introspect",
            (world, call, none) ->
                OAuthErrors.reply(() -> response(world, OAuthForm.ofFormOrJson(call)))));
  }

  private static JsonObject response(World world, OAuthForm form) {
    return AccessTokens.find(world, form.required("token"))
        .filter(TokenIntrospection::isOfTokenExchange)
        .map(TokenIntrospection::active)
        .orElseGet(TokenIntrospection::inactive);
  }

  private static boolean isOfTokenExchange(IssuedToken token) {
    Principal principal = token.caller().principal();
    return principal.isFederated() || principal.isBounded();
  }

  private static JsonObject active(IssuedToken token) {
    Principal principal = token.caller().principal();
    CallRecorder.setCaller(principal);
    JsonObject response = new JsonObject();
    response.addProperty("active", true);
    response.addProperty("exp", Long.toString(token.expiry().getEpochSecond()));
    response.addProperty("iat", Long.toString(token.issuedAt().getEpochSecond()));
    response.addProperty("iss", "https://sts.googleapis.com/");
    response.addProperty("scope", AccessTokens.scope(token.caller()));
    response.addProperty("sub", principal.uniqueId());
    response.addProperty(
        "username", principal.isFederated() ? principal.member() : principal.email());
    return response;
  }

  private static JsonObject inactive() {
    JsonObject response = new JsonObject();
    response.addProperty("active", false);
    return response;
  }
}
