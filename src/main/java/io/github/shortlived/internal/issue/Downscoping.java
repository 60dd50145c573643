package io.github.shortlived.internal.issue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.model.AccessBoundaryRule;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.DownscopedTokenRequest;
import java.util.List;
import java.util.Map;

/**
 * Exchanges access tokens for tokens with a credential access boundary, at the Security Token
 * Service.
 *
 * @see <a href="https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token">Method:
 *     token</a>
 */
record Downscoping(TokenEndpoint endpoint) {
  private static final String TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
  private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

  /**
   * Exchanges the token. Blocks. The new token expires with the original; the response states its
   * lifetime only if the original is of a service account.
   */
  AccessToken exchange(AccessToken original, DownscopedTokenRequest request, Retrier retrier) {
    Map<String, String> form =
        Map.of(
            "grant_type", TOKEN_EXCHANGE,
            "requested_token_type", ACCESS_TOKEN,
            "subject_token_type", ACCESS_TOKEN,
            "subject_token", original.token(),
            "options", boundary(request.rules()).toString());
    try {
      return retrier.call(deadline -> endpoint.exchange(form, original.expireTime(), deadline));
    } catch (FailedCallException e) {
      String action = "Downscoping an access token of " + request.target();
      throw ClientContext.translate(e, action, List::of);
    }
  }

  private static JsonObject boundary(List<AccessBoundaryRule> rules) {
    JsonArray array = new JsonArray();
    rules.forEach(rule -> array.add(json(rule)));
    JsonObject boundary = new JsonObject();
    boundary.add("accessBoundaryRules", array);
    JsonObject options = new JsonObject();
    options.add("accessBoundary", boundary);
    return options;
  }

  private static JsonObject json(AccessBoundaryRule rule) {
    JsonArray permissions = new JsonArray();
    rule.availablePermissions().forEach(permissions::add);
    JsonObject json = new JsonObject();
    json.addProperty("availableResource", rule.availableResource());
    json.add("availablePermissions", permissions);
    rule.availabilityCondition()
        .ifPresent(condition -> json.add("availabilityCondition", json(condition)));
    return json;
  }

  private static JsonObject json(AccessBoundaryRule.AvailabilityCondition condition) {
    JsonObject json = new JsonObject();
    addIfSet(json, "title", condition.title());
    addIfSet(json, "description", condition.description());
    json.addProperty("expression", condition.expression());
    return json;
  }

  private static void addIfSet(JsonObject json, String name, String text) {
    if (!text.isEmpty()) {
      json.addProperty(name, text);
    }
  }
}
