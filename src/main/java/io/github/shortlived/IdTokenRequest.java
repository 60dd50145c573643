package io.github.shortlived;

/**
 * A request for an OpenID Connect ID token. Immutable.
 *
 * @param target whose token is asked for
 * @param audience who shall accept it: usually the URL of the receiving service; not blank
 * @param includeEmail whether the token carries the claims {@code email} and {@code
 *     email_verified}; the source's own tokens may carry them anyway
 * @see <a
 *     href="https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateIdToken">
 *     generateIdToken</a>
 */
public record IdTokenRequest(Target target, String audience, boolean includeEmail)
    implements CredentialRequest<IdToken> {

  /**
   * Checks the request; no network call is made.
   *
   * @throws CredentialException.InvalidRequest if the audience is blank
   */
  public IdTokenRequest {
    Checks.request(
        !audience.isBlank(),
        "audience",
        audience,
        "an ID token is issued for one audience",
        "pass the URL of the service that shall accept it, such as https://orders.example.com");
  }

  /**
   * Asks for a token for this audience, without the email.
   *
   * @throws CredentialException.InvalidRequest if the audience is blank
   */
  public static IdTokenRequest of(Target target, String audience) {
    return new IdTokenRequest(target, audience, false);
  }

  /** {@return the same request for a token that carries the account's email address} */
  public IdTokenRequest withEmail() {
    return new IdTokenRequest(target, audience, true);
  }
}
