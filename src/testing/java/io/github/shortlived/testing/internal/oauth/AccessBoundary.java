package io.github.shortlived.testing.internal.oauth;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import io.github.shortlived.testing.internal.error.OAuthException;
import io.github.shortlived.testing.internal.json.Json;
import java.util.stream.StreamSupport;

/**
 * Validates a credential access boundary in the {@code options} of a token exchange: 1 to 10 rules,
 * each with a Cloud Storage resource and roles that limit the permissions on it.
 *
 * @see <a href="https://cloud.google.com/iam/docs/downscoping-short-lived-credentials">Downscoping
 *     credentials</a>
 */
final class AccessBoundary {
  private static final int MOST_RULES = 10;

  private AccessBoundary() {}

  static void require(String options) {
    if (!isBoundary(options)) {
      throw OAuthException.invalidRequest(
          "The options contain no valid access boundary."); // unverified
    }
  }

  private static boolean isBoundary(String options) {
    try {
      return Json.object(options).get("accessBoundary") instanceof JsonObject boundary
          && boundary.get("accessBoundaryRules") instanceof JsonArray rules
          && areRules(rules);
    } catch (JsonParseException malformed) {
      return false;
    }
  }

  private static boolean areRules(JsonArray rules) {
    return !rules.isEmpty()
        && rules.size() <= MOST_RULES
        && StreamSupport.stream(rules.spliterator(), false).allMatch(AccessBoundary::isRule);
  }

  private static boolean isRule(JsonElement element) {
    return element instanceof JsonObject rule
        && rule.get("availableResource") instanceof JsonPrimitive resource
        && resource.getAsString().startsWith("//storage.googleapis.com/")
        && rule.get("availablePermissions") instanceof JsonArray permissions
        && !permissions.isEmpty();
  }
}
