package io.github.shortlived.testing.internal.oauth;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import io.github.shortlived.testing.internal.error.OAuthException;
import io.github.shortlived.testing.internal.json.Json;
import io.github.shortlived.testing.internal.policy.Conditions;
import io.github.shortlived.testing.internal.policy.RoleNames;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Validates a credential access boundary in the {@code options} of a token exchange. The rules are
 * documented, the texts of the errors are unverified.
 *
 * @see <a href="https://cloud.google.com/iam/docs/downscoping-short-lived-credentials">Downscoping
 *     credentials</a>
 */
final class AccessBoundary {
  private static final int MOST_RULES = 10;
  private static final Pattern BUCKET =
      Pattern.compile(
          "//storage\\.googleapis\\.com/projects/_/buckets/[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]");
  private static final String IN_ROLE = "inRole:";

  private AccessBoundary() {}

  static void require(String options) {
    JsonArray rules = rules(options);
    require(
        !rules.isEmpty() && rules.size() <= MOST_RULES,
        "accessBoundaryRules must have 1 to " + MOST_RULES + " rules");
    rules.forEach(AccessBoundary::requireRule);
  }

  private static JsonArray rules(String options) {
    try {
      return Optional.of(Json.object(options))
          .flatMap(object -> member(object, "accessBoundary", JsonObject.class))
          .flatMap(boundary -> member(boundary, "accessBoundaryRules", JsonArray.class))
          .orElseThrow(() -> invalid("it has no accessBoundary.accessBoundaryRules"));
    } catch (JsonParseException malformed) {
      throw invalid("it is not a JSON object");
    }
  }

  private static void requireRule(JsonElement element) {
    JsonObject rule = element instanceof JsonObject object ? object : new JsonObject();
    require(
        isText(rule.get("availableResource"), text -> BUCKET.matcher(text).matches()),
        "availableResource must be //storage.googleapis.com/projects/_/buckets/BUCKET");
    JsonArray permissions =
        member(rule, "availablePermissions", JsonArray.class).orElseGet(JsonArray::new);
    require(!permissions.isEmpty(), "availablePermissions must not be empty");
    permissions.forEach(
        permission ->
            require(
                isText(permission, AccessBoundary::isInRole),
                "availablePermissions must be inRole:roles/ROLE or the name of a custom role after"
                    + " inRole:"));
    if (rule.has("availabilityCondition")) {
      requireCondition(rule);
    }
  }

  private static void requireCondition(JsonObject rule) {
    String expression =
        member(rule, "availabilityCondition", JsonObject.class)
            .flatMap(condition -> member(condition, "expression", JsonPrimitive.class))
            .map(JsonElement::getAsString)
            .orElseThrow(() -> invalid("availabilityCondition must have an expression"));
    Conditions.checkBoundary(expression);
  }

  private static boolean isInRole(String permission) {
    return permission.startsWith(IN_ROLE)
        && RoleNames.isRole(permission.substring(IN_ROLE.length()));
  }

  private static boolean isText(@Nullable JsonElement value, Predicate<String> form) {
    return value instanceof JsonPrimitive text && form.test(text.getAsString());
  }

  private static <T extends JsonElement> Optional<T> member(
      JsonObject object, String name, Class<T> type) {
    return Optional.ofNullable(object.get(name)).filter(type::isInstance).map(type::cast);
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw invalid(problem);
    }
  }

  private static OAuthException invalid(String problem) {
    return OAuthException.invalidRequest("The access boundary in options is invalid: " + problem);
  }
}
