package io.github.shortlived.testing.internal.federation;

import com.google.api.client.json.webtoken.JsonWebSignature;
import com.google.api.client.json.webtoken.JsonWebToken;
import io.github.shortlived.testing.internal.account.Principal;
import io.github.shortlived.testing.internal.error.OAuthException;
import io.github.shortlived.testing.internal.key.Jwts;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;

/**
 * Verifies the tokens of outside identity providers. The rules are Google's, the texts of the
 * refusals unverified.
 */
public final class SubjectTokenVerifier {
  public static final String JWT = "urn:ietf:params:oauth:token-type:jwt";
  private static final Duration LONGEST = Duration.ofHours(24);

  private final InstantSource clock;
  private final AttributeMapper attributes;

  public SubjectTokenVerifier(InstantSource clock, AttributeMapper attributes) {
    this.clock = clock;
    this.attributes = attributes;
  }

  /** The workload that the provider vouches for. */
  public Principal verify(String token, TrustedProvider provider) {
    JsonWebSignature jwt =
        Jwts.parse(token)
            .orElseThrow(() -> OAuthException.invalidRequest("Unable to parse the subject token."));
    WorkloadPool pool = provider.pool();
    JsonWebToken.Payload claims = jwt.getPayload();
    require(
        pool.issuer().equals(claims.getIssuer()),
        "The issuer in ID Token does not match the expected one: " + pool.issuer());
    require(
        !Collections.disjoint(pool.expectedAudiences(), audiences(claims)),
        "The audience in ID Token does not match the expected audience.");
    require(provider.hasSigned(jwt), "The signature of the ID Token is invalid.");
    require(Jwts.isFresh(claims, clock.instant(), LONGEST), "ID Token is stale to sign-in.");
    return attributes.principal(pool, ClaimValues.of(claims));
  }

  private static List<String> audiences(JsonWebToken.Payload claims) {
    return claims.getAudience() == null ? List.of() : claims.getAudienceAsList();
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw OAuthException.invalidGrant(otherwise);
    }
  }
}
