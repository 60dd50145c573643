package io.github.shortlived.testing.internal.oauth;

import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.error.OAuthException;
import io.github.shortlived.testing.internal.http.HttpRoute;
import io.github.shortlived.testing.internal.world.World;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

/** Google's OAuth 2.0 token endpoint. */
public final class TokenEndpoint {
  private static final List<String> PATHS =
      List.of("/token", "/oauth2/v3/token", "/oauth2/v4/token", "/o/oauth2/token");

  private final JwtBearerGrant jwtBearer;

  public TokenEndpoint(URI serverUri) {
    this.jwtBearer = new JwtBearerGrant(PATHS.stream().map(path -> serverUri + path).toList());
  }

  public Stream<HttpRoute> routes() {
    return PATHS.stream()
        .map(
            path ->
                HttpRoute.of(
                    "POST",
                    path,
                    (world, call, none) ->
                        OAuthErrors.reply(() -> response(world, OAuthForm.of(call)))));
  }

  private JsonObject response(World world, OAuthForm form) {
    String grantType = form.required("grant_type");
    return switch (grantType) {
      case JwtBearerGrant.TYPE -> jwtBearer.response(world, form);
      case JwtBearerGrant.LEGACY_TYPE -> jwtBearer.legacyResponse(world, form);
      case RefreshTokenGrant.TYPE -> RefreshTokenGrant.response(world, form);
      default -> throw OAuthException.unsupportedGrantType(grantType);
    };
  }
}
