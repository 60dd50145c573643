package io.github.shortlived.testing;

import com.google.gson.JsonObject;
import java.net.http.HttpResponse;

/** An error of a token endpoint, in the form of RFC 6749. */
record OAuthError(int status, String error, String description) {
  static OAuthError of(HttpResponse<String> response) {
    JsonObject body = Wire.json(response);
    return new OAuthError(
        response.statusCode(),
        body.get("error").getAsString(),
        body.get("error_description").getAsString());
  }

  static OAuthError invalidGrant(String description) {
    return new OAuthError(400, "invalid_grant", description);
  }

  static OAuthError invalidRequest(String description) {
    return new OAuthError(400, "invalid_request", description);
  }
}
