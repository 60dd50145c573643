package io.github.shortlived.testing;

import com.google.api.client.json.webtoken.JsonWebSignature;
import com.google.api.client.json.webtoken.JsonWebToken;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;

/**
 * Verifies the tokens of outside identity providers. The rules are Google's, the texts of the
 * refusals unverified.
 */
final class SubjectTokens {
  static final String JWT = "urn:ietf:params:oauth:token-type:jwt";
  private static final Duration LONGEST = Duration.ofHours(24);

  private final InstantSource clock;
  private final AttributeMapper attributes;

  SubjectTokens(InstantSource clock, AttributeMapper attributes) {
    this.clock = clock;
    this.attributes = attributes;
  }

  /** The workload that the provider vouches for. */
  Principal verify(String token, WorkloadIdentityProvider provider) {
    JsonWebSignature jwt =
        Jwts.parse(token)
            .orElseThrow(() -> OAuthRefusal.invalidRequest("Unable to parse the subject token."));
    WorkloadPool pool = provider.pool();
    JsonWebToken.Payload claims = jwt.getPayload();
    require(
        pool.issuer().equals(claims.getIssuer()),
        "The issuer in ID Token does not match the expected one: " + pool.issuer());
    require(
        !Collections.disjoint(pool.expectedAudiences(), audiences(claims)),
        "The audience in ID Token does not match the expected audience.");
    require(isSignedBy(provider, jwt), "The signature of the ID Token is invalid.");
    require(Jwts.isFresh(claims, clock.instant(), LONGEST), "ID Token is stale to sign-in.");
    return attributes.principal(pool, ClaimValues.of(claims));
  }

  private static List<String> audiences(JsonWebToken.Payload claims) {
    return claims.getAudience() == null ? List.of() : claims.getAudienceAsList();
  }

  private static boolean isSignedBy(WorkloadIdentityProvider provider, JsonWebSignature jwt) {
    return provider
        .keys()
        .find(jwt.getHeader().getKeyId())
        .filter(key -> Jwts.verifies(key, jwt))
        .isPresent();
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw OAuthRefusal.invalidGrant(otherwise);
    }
  }
}
