package io.github.shortlived.testing;

import com.google.gson.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Google's OAuth 2.0 token endpoint: a JWT that a service account signed becomes an access token or
 * an ID token.
 */
final class TokenEndpoint {
  private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  private static final List<String> PATHS =
      List.of("/token", "/oauth2/v4/token", "/o/oauth2/token");
  private static final Duration LIFETIME = Duration.ofHours(1);

  private final World world;
  private final Set<String> audiences;

  TokenEndpoint(World world, URI self) {
    this.world = world;
    this.audiences =
        Set.of(
            "https://oauth2.googleapis.com/token",
            "https://www.googleapis.com/oauth2/v4/token",
            "https://accounts.google.com/o/oauth2/token",
            self + "/token");
  }

  Stream<HttpRoute> routes() {
    return PATHS.stream().map(path -> HttpRoute.of("POST", path, (call, none) -> serve(call)));
  }

  private HttpReply serve(HttpCall call) {
    Map<String, List<String>> form = FormValues.parse(call.body());
    Optional<String> grantType = value(form, "grant_type");
    if (grantType.isEmpty()) {
      return missing("grant_type");
    }
    if (!grantType.get().equals(JWT_BEARER)) {
      return refused(400, "unsupported_grant_type", "Invalid grant_type: " + grantType.get());
    }
    return value(form, "assertion").map(this::exchange).orElseGet(() -> missing("assertion"));
  }

  private HttpReply exchange(String token) {
    try {
      return grant(world.assertions().verify(token));
    } catch (AssertionException invalid) {
      return refused(400, "invalid_grant", invalid.description());
    }
  }

  private HttpReply grant(Assertion assertion) throws AssertionException {
    if (assertion.audience().stream().noneMatch(audiences::contains)) {
      throw new AssertionException(AssertionException.BAD_AUDIENCE);
    }
    if (assertion.impersonatesAnother()) {
      return unauthorizedClient();
    }
    return assertion
        .targetAudience()
        .map(audience -> idToken(assertion.account(), audience))
        .orElseGet(() -> accessToken(assertion));
  }

  private HttpReply accessToken(Assertion assertion) {
    if (!Scopes.areValid(assertion.scopes())) {
      return refused(400, "invalid_scope", "Invalid OAuth scope or ID token audience provided.");
    }
    Caller holder = new Caller(assertion.account().principal(), Set.copyOf(assertion.scopes()));
    JsonObject answer = new JsonObject();
    answer.addProperty("access_token", world.mint().accessToken(holder, LIFETIME).value());
    answer.addProperty("expires_in", LIFETIME.toSeconds() - 1);
    answer.addProperty("token_type", "Bearer");
    return HttpReply.json(200, answer);
  }

  private HttpReply idToken(Account account, String audience) {
    JsonObject answer = new JsonObject();
    answer.addProperty("id_token", world.mint().idToken(account, audience, true));
    return HttpReply.json(200, answer);
  }

  /** No account may speak for users: domain-wide delegation is not set up here. */
  private static HttpReply unauthorizedClient() {
    return refused(
        401,
        "unauthorized_client",
        "Client is unauthorized to retrieve access tokens using this method, or client not"
            + " authorized for any of the scopes requested.");
  }

  private static HttpReply missing(String parameter) {
    return refused(
        400, "invalid_request", "Required parameter is missing: " + parameter); // unverified
  }

  private static HttpReply refused(int status, String error, String description) {
    JsonObject body = new JsonObject();
    body.addProperty("error", error);
    body.addProperty("error_description", description);
    return HttpReply.json(status, body);
  }

  private static Optional<String> value(Map<String, List<String>> form, String name) {
    return form.getOrDefault(name, List.of()).stream().filter(v -> !v.isBlank()).findFirst();
  }
}
