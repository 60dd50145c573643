package io.github.shortlived.testing.internal.oauth;

import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.control.CallRecorder;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.OAuthException;
import io.github.shortlived.testing.internal.http.ErrorEnvelope;
import io.github.shortlived.testing.internal.http.HttpCall;
import io.github.shortlived.testing.internal.http.HttpReply;
import io.github.shortlived.testing.internal.http.HttpRoute;
import io.github.shortlived.testing.internal.token.BearerToken;
import io.github.shortlived.testing.internal.token.IssuedToken;
import io.github.shortlived.testing.internal.world.World;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The endpoints that describe the user or service account of an access token. A world has no names
 * and pictures, so the responses have only the id and the email. A token without an identity scope
 * is refused like an invalid one (unverified).
 */
public final class UserInfo {
  private UserInfo() {}

  public static Stream<HttpRoute> routes() {
    return Stream.of(
        HttpRoute.of("GET", "/oauth2/v1/userinfo", UserInfo::ofApi),
        HttpRoute.of("GET", "/oauth2/v2/userinfo", UserInfo::ofApi),
        HttpRoute.of("GET", "/userinfo/v2/me", UserInfo::ofApi),
        HttpRoute.of("GET", "/oauth2/v3/userinfo", UserInfo::ofOpenId),
        HttpRoute.of("POST", "/oauth2/v3/userinfo", UserInfo::ofOpenId),
        HttpRoute.of("GET", "/v1/userinfo", UserInfo::ofOpenId),
        HttpRoute.of("POST", "/v1/userinfo", UserInfo::ofOpenId));
  }

  private static HttpReply ofApi(World world, HttpCall call, Map<String, String> none) {
    return find(world, call)
        .map(caller -> HttpReply.json(200, claims(caller, "id", "verified_email")))
        .orElseGet(() -> ErrorEnvelope.of(GoogleErrors.credentialsInvalid()));
  }

  private static HttpReply ofOpenId(World world, HttpCall call, Map<String, String> none) {
    return OAuthErrors.reply(
        () ->
            find(world, call)
                .map(caller -> claims(caller, "sub", "email_verified"))
                .orElseThrow(OAuthException::invalidCredentials));
  }

  private static Optional<Caller> find(World world, HttpCall call) {
    return BearerToken.of(call.authorization())
        .flatMap(token -> AccessTokens.findOfGoogleAccount(world, token))
        .map(IssuedToken::caller)
        .filter(AccessTokens::revealsId);
  }

  private static JsonObject claims(Caller caller, String id, String emailVerified) {
    CallRecorder.setCaller(caller.principal());
    JsonObject claims = new JsonObject();
    claims.addProperty(id, caller.principal().uniqueId());
    if (AccessTokens.revealsEmail(caller)) {
      claims.addProperty("email", caller.principal().email());
      claims.addProperty(emailVerified, true);
    }
    return claims;
  }
}
