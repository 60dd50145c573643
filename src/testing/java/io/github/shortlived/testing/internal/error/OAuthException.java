package io.github.shortlived.testing.internal.error;

/** An error of a token endpoint, as RFC 6749 defines it. */
public final class OAuthException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String error;
  private final String description;

  private OAuthException(int status, String error, String description) {
    super(description);
    this.status = status;
    this.error = error;
    this.description = description;
  }

  public static OAuthException invalidRequest(String description) {
    return new OAuthException(400, "invalid_request", description);
  }

  public static OAuthException invalidGrant(String description) {
    return new OAuthException(400, "invalid_grant", description);
  }

  public static OAuthException invalidTarget(String description) {
    return new OAuthException(400, "invalid_target", description);
  }

  public static OAuthException invalidToken(String description) {
    return new OAuthException(400, "invalid_token", description);
  }

  /** Creates the error for a token that cannot be described; {@code error} may be empty. */
  public static OAuthException invalidValue(String error) {
    return new OAuthException(400, error, "Invalid Value");
  }

  /** Creates the error of the OpenID endpoint for users, as public threads quote it. */
  public static OAuthException invalidCredentials() {
    return new OAuthException(401, "invalid_request", "Invalid Credentials");
  }

  public static OAuthException invalidScope() {
    return new OAuthException(
        400, "invalid_scope", "Invalid OAuth scope or ID token audience provided.");
  }

  public static OAuthException unsupportedGrantType(String grantType) {
    return new OAuthException(400, "unsupported_grant_type", "Invalid grant_type: " + grantType);
  }

  public static OAuthException invalidClient(String description) {
    return new OAuthException(401, "invalid_client", description);
  }

  public static OAuthException unauthorizedClient() {
    return new OAuthException(
        401,
        "unauthorized_client",
        "Client is unauthorized to retrieve access tokens using this method, or client not"
            + " authorized for any of the scopes requested.");
  }

  /** Creates the error for a rejected external token, with the text that public threads quote. */
  public static OAuthException rejectedByCondition() {
    return new OAuthException(
        400, "unauthorized_client", "The given credential is rejected by the attribute condition.");
  }

  /** Returns the HTTP status. */
  public int status() {
    return status;
  }

  public String error() {
    return error;
  }

  public String description() {
    return description;
  }
}
