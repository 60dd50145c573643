package io.github.shortlived.testing.internal.oauth;

import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.error.OAuthException;
import io.github.shortlived.testing.internal.http.HttpRoute;
import java.util.stream.Stream;

/**
 * Exchanges the codes and refresh tokens of workforce pools. A world has no such pool, so each code
 * and token is refused; the text is not Google's.
 */
public final class WorkforceGrants {
  private WorkforceGrants() {}

  public static Stream<HttpRoute> routes() {
    return Stream.of(
        HttpRoute.of(
            "POST",
            "/v1/oauthtoken",
            (world, call, none) ->
                OAuthErrors.reply(() -> response(OAuthForm.ofFormOrJson(call)))));
  }

  private static JsonObject response(OAuthForm form) {
    String grantType = form.required("grant_type");
    throw switch (grantType) {
      case "authorization_code" -> unknown(form, "code");
      case RefreshTokenGrant.TYPE -> unknown(form, RefreshTokenGrant.TYPE);
      default -> OAuthException.unsupportedGrantType(grantType);
    };
  }

  private static OAuthException unknown(OAuthForm form, String parameter) {
    form.required(parameter);
    return OAuthException.invalidGrant(
        "Workforce pools are not emulated: exchange the refresh tokens of users at /token.");
  }
}
