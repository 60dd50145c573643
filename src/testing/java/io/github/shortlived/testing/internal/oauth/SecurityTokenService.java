package io.github.shortlived.testing.internal.oauth;

import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.account.Principal;
import io.github.shortlived.testing.internal.control.CallRecorder;
import io.github.shortlived.testing.internal.error.OAuthException;
import io.github.shortlived.testing.internal.federation.TrustedProvider;
import io.github.shortlived.testing.internal.http.HttpRoute;
import io.github.shortlived.testing.internal.token.IssuedToken;
import io.github.shortlived.testing.internal.world.World;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The Security Token Service: exchanges a token of an external identity provider for an access
 * token, and an access token for a copy with an access boundary. The texts of the errors are
 * unverified.
 *
 * <p>A boundary limits its token to some resources of Cloud Storage, which is not emulated: in the
 * emulator such a token permits nothing.
 */
public final class SecurityTokenService {
  private static final String TYPE = "urn:ietf:params:oauth:grant-type:token-exchange";
  private static final String TOKEN_TYPE = "urn:ietf:params:oauth:token-type:";
  private static final String ACCESS_TOKEN = TOKEN_TYPE + "access_token";

  private SecurityTokenService() {}

  public static Stream<HttpRoute> routes() {
    return Stream.of(
        HttpRoute.of(
            "POST",
            "/v1/token",
            (world, call, none) ->
                OAuthErrors.reply(() -> exchanged(world, OAuthForm.ofFormOrJson(call)))));
  }

  private static JsonObject exchanged(World world, OAuthForm form) {
    String grantType = form.required("grant_type");
    if (!grantType.equals(TYPE)) {
      throw OAuthException.unsupportedGrantType(grantType);
    }
    if (!form.optional("requested_token_type").orElse(ACCESS_TOKEN).equals(ACCESS_TOKEN)) {
      throw OAuthException.invalidRequest("requested_token_type must be " + ACCESS_TOKEN);
    }
    return response(world, form);
  }

  private static JsonObject response(World world, OAuthForm form) {
    String type = form.required("subject_token_type");
    return switch (type) {
      case TrustedProvider.JWT, TOKEN_TYPE + "id_token" -> federated(world, form);
      case ACCESS_TOKEN -> bounded(world, form);
      default ->
          throw OAuthException.invalidRequest(
              "subject_token_type " + type + " is not emulated: exchange a JWT or an ID token");
    };
  }

  private static JsonObject federated(World world, OAuthForm form) {
    Principal workload = workload(world, form);
    CallRecorder.setCaller(workload);
    List<String> scopes = OAuthForm.SPACES.splitToList(form.required("scope"));
    if (!world.scopes().areValid(scopes)) {
      throw OAuthException.invalidScope();
    }
    JsonObject response = world.tokens().accessTokenResponse(workload, scopes);
    response.addProperty("issued_token_type", ACCESS_TOKEN);
    return response;
  }

  private static Principal workload(World world, OAuthForm form) {
    String audience = form.required("audience");
    return world.identityProviders().providers().stream()
        .filter(provider -> provider.audience().equals(audience))
        .findFirst()
        .map(
            provider ->
                provider.verify(
                    form.required("subject_token"),
                    world.clock().instant(),
                    world.identityProviders().attributes()))
        .orElseThrow(
            () ->
                OAuthException.invalidTarget(
                    "The target service indicated by the \"audience\" parameters is invalid. This"
                        + " might either be because the pool or provider is disabled or deleted or"
                        + " because it doesn't exist."));
  }

  /** The response has no {@code expires_in}: the copy expires when the original does. */
  private static JsonObject bounded(World world, OAuthForm form) {
    AccessBoundary.require(form.required("options"));
    IssuedToken original =
        world
            .tokens()
            .find(form.required("subject_token"))
            .filter(token -> world.accounts().mayCall(token.caller().principal()))
            .orElseThrow(() -> OAuthException.invalidGrant("The subject token is not valid."));
    CallRecorder.setCaller(original.caller().principal());
    Duration rest = Duration.between(world.clock().instant(), original.expiry());
    JsonObject response = new JsonObject();
    response.addProperty(
        "access_token", world.tokens().accessToken(original.caller().bounded(), rest).value());
    response.addProperty("issued_token_type", ACCESS_TOKEN);
    response.addProperty("token_type", "Bearer");
    return response;
  }
}
