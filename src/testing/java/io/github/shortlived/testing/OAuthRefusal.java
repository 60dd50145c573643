package io.github.shortlived.testing;

import com.google.gson.JsonObject;

/** A refusal in the form of RFC 6749, which the token endpoints answer with. */
final class OAuthRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String error;
  private final String description;

  private OAuthRefusal(int status, String error, String description) {
    super(description);
    this.status = status;
    this.error = error;
    this.description = description;
  }

  static OAuthRefusal invalidRequest(String description) {
    return new OAuthRefusal(400, "invalid_request", description);
  }

  static OAuthRefusal invalidGrant(String description) {
    return new OAuthRefusal(400, "invalid_grant", description);
  }

  static OAuthRefusal invalidTarget(String description) {
    return new OAuthRefusal(400, "invalid_target", description);
  }

  static OAuthRefusal invalidScope() {
    return new OAuthRefusal(
        400, "invalid_scope", "Invalid OAuth scope or ID token audience provided.");
  }

  static OAuthRefusal unsupportedGrantType(String grantType) {
    return new OAuthRefusal(400, "unsupported_grant_type", "Invalid grant_type: " + grantType);
  }

  static OAuthRefusal invalidClient(String description) {
    return new OAuthRefusal(401, "invalid_client", description);
  }

  static OAuthRefusal unauthorizedClient() {
    return new OAuthRefusal(
        401,
        "unauthorized_client",
        "Client is unauthorized to retrieve access tokens using this method, or client not"
            + " authorized for any of the scopes requested.");
  }

  /** Of an outside token; as public threads quote it. */
  static OAuthRefusal rejectedByCondition() {
    return new OAuthRefusal(
        400, "unauthorized_client", "The given credential is rejected by the attribute condition.");
  }

  HttpReply reply() {
    JsonObject body = new JsonObject();
    body.addProperty("error", error);
    body.addProperty("error_description", description);
    return HttpReply.json(status, body);
  }
}
