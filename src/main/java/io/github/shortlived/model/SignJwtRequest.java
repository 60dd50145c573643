package io.github.shortlived.model;

import io.github.shortlived.internal.text.Arguments;

/**
 * A request to sign a JSON Web Token with a key of the target. Immutable.
 *
 * @param target the account whose key signs
 * @param claims the claims of the token
 * @see <a
 *     href="https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/signJwt">
 *     signJwt</a>
 */
public record SignJwtRequest(Target target, JwtClaims claims)
    implements CredentialRequest<SignedJwt> {

  /** Checks that neither is null. */
  public SignJwtRequest {
    Arguments.nonNull(target, "target");
    Arguments.nonNull(claims, "claims");
  }

  /** {@return a request to sign these claims} */
  public static SignJwtRequest of(Target target, JwtClaims claims) {
    return new SignJwtRequest(target, claims);
  }
}
