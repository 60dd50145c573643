package io.github.shortlived.testing.internal.oauth;

import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.Principal;
import io.github.shortlived.testing.internal.control.CallRecorder;
import io.github.shortlived.testing.internal.error.OAuthException;
import io.github.shortlived.testing.internal.http.HttpRoute;
import io.github.shortlived.testing.internal.token.TokenTypes;
import io.github.shortlived.testing.internal.world.World;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The Security Token Service: exchanges a token of an external identity provider for an access
 * token, and an access token for one with an access boundary. The texts of the errors are
 * unverified.
 *
 * <p>A boundary limits its token to some resources of Cloud Storage, which is not emulated: in the
 * emulator such a token permits nothing.
 */
public final class SecurityTokenService {
  private static final String TYPE = "urn:ietf:params:oauth:grant-type:token-exchange";

  private SecurityTokenService() {}

  public static Stream<HttpRoute> routes() {
    return Stream.of("/v1/token", "/v1beta/token")
        .map(
            path ->
                HttpRoute.of(
                    "POST",
                    path,
                    (world, call, none) ->
                        OAuthErrors.reply(() -> exchanged(world, OAuthForm.ofFormOrJson(call)))));
  }

  private static JsonObject exchanged(World world, OAuthForm form) {
    String grantType = form.required("grant_type");
    if (!grantType.equals(TYPE)) {
      throw OAuthException.unsupportedGrantType(grantType);
    }
    String type = form.required("subject_token_type");
    return switch (type) {
      case TokenTypes.JWT, TokenTypes.ID_TOKEN -> federated(world, form);
      case TokenTypes.ACCESS_TOKEN -> bounded(world, form);
      default -> throw OAuthException.invalidRequest(unsupported(type));
    };
  }

  private static String unsupported(String type) {
    return TokenTypes.NOT_EMULATED.contains(type)
        ? "subject_token_type " + type + " is not emulated: exchange a JWT or an ID token"
        : "Invalid subject_token_type: " + type;
  }

  /** Google requires the requested type; whether it refuses a request without one is unverified. */
  private static String requestedType(OAuthForm form) {
    return form.optional("requested_token_type").orElse(TokenTypes.ACCESS_TOKEN);
  }

  private static JsonObject bounded(World world, OAuthForm form) {
    String type = requestedType(form);
    return switch (type) {
      case TokenTypes.ACCESS_TOKEN -> BoundedTokens.bounded(world, form);
      case TokenTypes.INTERMEDIARY_TOKEN -> BoundedTokens.intermediary(world, form);
      default ->
          throw OAuthException.invalidRequest(
              "requested_token_type must be "
                  + TokenTypes.ACCESS_TOKEN
                  + " or "
                  + TokenTypes.INTERMEDIARY_TOKEN);
    };
  }

  private static JsonObject federated(World world, OAuthForm form) {
    if (!requestedType(form).equals(TokenTypes.ACCESS_TOKEN)) {
      throw OAuthException.invalidRequest(
          "requested_token_type must be " + TokenTypes.ACCESS_TOKEN);
    }
    Principal workload = workload(world, form);
    CallRecorder.setCaller(workload);
    List<String> scopes = OAuthForm.SPACES.splitToList(form.required("scope"));
    if (!world.scopes().areValid(scopes)) {
      throw OAuthException.invalidScope();
    }
    JsonObject response =
        world.tokens().accessTokenResponse(new Caller(workload, Set.copyOf(scopes)));
    response.addProperty("issued_token_type", TokenTypes.ACCESS_TOKEN);
    return response;
  }

  private static Principal workload(World world, OAuthForm form) {
    String audience = form.required("audience");
    return world.identityProviders().providers().stream()
        .filter(provider -> provider.audience().equals(audience))
        .findFirst()
        .map(provider -> provider.verify(form.required("subject_token"), world.clock().instant()))
        .orElseThrow(
            () ->
                OAuthException.invalidTarget(
                    "The target service indicated by the \"audience\" parameters is invalid. This"
                        + " might either be because the pool or provider is disabled or deleted or"
                        + " because it doesn't exist."));
  }
}
