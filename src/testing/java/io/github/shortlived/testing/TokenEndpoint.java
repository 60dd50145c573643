package io.github.shortlived.testing;

import static java.util.stream.Collectors.toSet;

import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

/** Google's OAuth 2.0 token endpoint: finds who serves the grant that a call speaks of. */
final class TokenEndpoint {
  private static final List<String> PATHS =
      List.of("/token", "/oauth2/v4/token", "/o/oauth2/token");

  private final JwtBearerGrant jwtBearer;
  private final RefreshGrant refresh;

  TokenEndpoint(World world, URI self) {
    this.jwtBearer =
        new JwtBearerGrant(world, PATHS.stream().map(path -> self + path).collect(toSet()));
    this.refresh = new RefreshGrant(world);
  }

  Stream<HttpRoute> routes() {
    return PATHS.stream().map(path -> HttpRoute.of("POST", path, (call, none) -> serve(call)));
  }

  private HttpReply serve(HttpCall call) {
    try {
      return answer(OAuthForm.of(call));
    } catch (OAuthRefusal refusal) {
      return refusal.reply();
    }
  }

  private HttpReply answer(OAuthForm form) {
    String grantType = form.required("grant_type");
    return switch (grantType) {
      case JwtBearerGrant.TYPE -> jwtBearer.answer(form);
      case RefreshGrant.TYPE -> refresh.answer(form);
      default -> throw OAuthRefusal.unsupportedGrantType(grantType);
    };
  }
}
