package io.github.shortlived.testing.internal.federation;

import com.google.api.client.json.webtoken.JsonWebSignature;
import com.google.api.client.json.webtoken.JsonWebToken;
import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.account.Principal;
import io.github.shortlived.testing.internal.error.OAuthException;
import io.github.shortlived.testing.internal.key.Jwts;
import io.github.shortlived.testing.internal.key.KeyRing;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;

/**
 * An external identity provider that a workload identity pool trusts, and its keys. The rules for
 * its tokens are Google's, the texts of the errors are unverified.
 */
public record TrustedProvider(WorkloadPool pool, KeyRing keys) {
  private static final Duration LONGEST = Duration.ofHours(24);

  /** Returns the audience of a token exchange with the provider. */
  public String audience() {
    return pool.name();
  }

  /** Returns the path at which the emulator publishes the provider's keys. */
  public String jwksPath() {
    return "/workload-identity/" + String.join("/", pool.key()) + "/jwks";
  }

  /**
   * Returns the principal of a token.
   *
   * @throws OAuthException if the token is not valid {@code now}
   */
  public Principal verify(String token, Instant now) {
    JsonWebSignature jwt =
        Jwts.parse(token)
            .orElseThrow(() -> OAuthException.invalidRequest("Unable to parse the subject token."));
    JsonWebToken.Payload claims = jwt.getPayload();
    require(
        pool.issuer().equals(claims.getIssuer()),
        "The issuer in ID Token does not match the expected one: " + pool.issuer());
    require(
        !Collections.disjoint(pool.expectedAudiences(), Jwts.audiences(claims)),
        "The audience in ID Token does not match the expected audience.");
    require(hasSigned(jwt), "The signature of the ID Token is invalid.");
    require(Jwts.isFresh(claims, now, LONGEST), "ID Token is stale to sign-in.");
    return AttributeMapper.principal(pool, ClaimValues.of(claims));
  }

  public String sign(JsonObject claims) {
    return Jwts.sign(keys.systemManaged().key(), claims.toString());
  }

  private boolean hasSigned(JsonWebSignature jwt) {
    return keys.find(jwt.getHeader().getKeyId()).filter(key -> Jwts.verifies(key, jwt)).isPresent();
  }

  private static void require(boolean holds, String error) {
    if (!holds) {
      throw OAuthException.invalidGrant(error);
    }
  }
}
