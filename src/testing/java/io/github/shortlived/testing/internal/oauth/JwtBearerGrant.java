package io.github.shortlived.testing.internal.oauth;

import com.google.common.collect.ImmutableSet;
import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.Principal;
import io.github.shortlived.testing.internal.control.CallRecorder;
import io.github.shortlived.testing.internal.error.OAuthException;
import io.github.shortlived.testing.internal.token.JwtAssertion;
import io.github.shortlived.testing.internal.token.TokenIssuer;
import io.github.shortlived.testing.internal.world.World;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * Exchanges a JWT that a service account signed for an access token or an ID token of the account
 * or, with domain-wide delegation, for an access token of a user.
 */
public final class JwtBearerGrant {
  public static final String TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer";

  /** The grant type of a draft of OAuth, and its type of a JWT. Google's Go library sends them. */
  static final String LEGACY_TYPE = "assertion";

  private static final String LEGACY_JWT = "http://oauth.net/grant_type/jwt/1.0/bearer";
  private static final Set<String> GOOGLES =
      Set.of(
          "https://oauth2.googleapis.com/token",
          "https://www.googleapis.com/oauth2/v3/token",
          "https://www.googleapis.com/oauth2/v4/token",
          "https://accounts.google.com/o/oauth2/token");

  private final Set<String> audiences;

  /** Accepts the URLs of the endpoint, {@code own}, and of Google's as audiences. */
  JwtBearerGrant(Collection<String> own) {
    this.audiences = ImmutableSet.<String>builder().addAll(GOOGLES).addAll(own).build();
  }

  JsonObject response(World world, OAuthForm form) {
    return grant(world, verified(world, form.required("assertion")));
  }

  /** Serves the legacy grant; the error for another type of assertion is unverified. */
  JsonObject legacyResponse(World world, OAuthForm form) {
    if (!form.required("assertion_type").equals(LEGACY_JWT)) {
      throw OAuthException.invalidRequest("assertion_type must be " + LEGACY_JWT);
    }
    return response(world, form);
  }

  private JwtAssertion verified(World world, String token) {
    JwtAssertion assertion = world.assertionVerifier().verify(token);
    if (assertion.audience().stream().noneMatch(audiences::contains)) {
      throw OAuthException.invalidGrant("Invalid JWT: Failed audience check.");
    }
    return assertion;
  }

  private static JsonObject grant(World world, JwtAssertion assertion) {
    return assertion
        .targetAudience()
        .map(audience -> idToken(world, assertion, audience))
        .orElseGet(() -> accessToken(world, assertion));
  }

  private static JsonObject accessToken(World world, JwtAssertion assertion) {
    if (!world.scopes().areValid(assertion.scopes())) {
      throw OAuthException.invalidScope();
    }
    return world.tokens().accessTokenResponse(callerOf(world, assertion));
  }

  private static Caller callerOf(World world, JwtAssertion assertion) {
    return assertion
        .user()
        .map(user -> delegated(world, assertion, user))
        .orElseGet(
            () -> new Caller(assertion.account().principal(), Set.copyOf(assertion.scopes())));
  }

  /** Administrators delegate to a unique id, so a new account with the same email has no access. */
  private static Caller delegated(World world, JwtAssertion assertion, String user) {
    Account account = assertion.account();
    boolean isAllowed =
        !world.accounts().isSuccessor(account)
            && world.identityProviders().delegations().allow(account, user, assertion.scopes());
    CallRecorder.explain(
        "domain-wide delegation %s %s for user:%s"
            .formatted(isAllowed ? "allows" : "does not allow", assertion.scopes(), user));
    if (!isAllowed) {
      throw OAuthException.unauthorizedClient();
    }
    return new Caller(
        Principal.user(user), Set.copyOf(assertion.scopes()), Optional.of(account.uniqueId()));
  }

  /**
   * Delegation is for access tokens only; Google's error for an ID token is unverified. The {@code
   * azp} is the email here, unlike in other ID tokens of service accounts.
   */
  private static JsonObject idToken(World world, JwtAssertion assertion, String audience) {
    if (assertion.user().isPresent()) {
      throw OAuthException.unauthorizedClient();
    }
    JsonObject claims = TokenIssuer.idTokenClaims(assertion.account(), audience, true);
    claims.addProperty("azp", assertion.account().email());
    JsonObject response = new JsonObject();
    response.addProperty("id_token", world.tokens().signIdToken(claims));
    return response;
  }
}
