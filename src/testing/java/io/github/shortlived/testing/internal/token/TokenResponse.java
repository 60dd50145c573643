package io.github.shortlived.testing.internal.token;

import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.Principal;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;

/** The response of a token endpoint that issues an access token for an hour. */
public final class TokenResponse {
  private static final Duration LIFETIME = Duration.ofHours(1);

  private TokenResponse() {}

  public static JsonObject issue(TokenIssuer mint, Principal holder, Collection<String> scopes) {
    Caller caller = new Caller(holder, Set.copyOf(scopes));
    JsonObject response = new JsonObject();
    response.addProperty("access_token", mint.accessToken(caller, LIFETIME).value());
    response.addProperty("expires_in", LIFETIME.toSeconds() - 1);
    response.addProperty("token_type", "Bearer");
    return response;
  }
}
