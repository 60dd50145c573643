package io.github.shortlived.config;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.shortlived.config.CredentialConfigPolicy.Resource;
import io.github.shortlived.internal.failure.HelpTopic;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import java.util.regex.Pattern;

/**
 * A field of a credential configuration, with the checks of its JSON type. Error messages contain
 * the paths of known fields only, never a value, a host or the name of an unknown field: a secret
 * may have been pasted in any place.
 *
 * @param path such as {@code credential_source.url}; empty for the whole configuration
 */
record ConfigField(String path, JsonElement value, CredentialConfigPolicy policy) {
  private static final Pattern LINE = Pattern.compile("\\P{Cntrl}*");
  private static final Pattern WHOLE_NUMBER = Pattern.compile("[0-9]{1,9}");

  String text() {
    require(
        isString() && LINE.matcher(value.getAsString()).matches(), "is not a single line of text");
    return value.getAsString();
  }

  JsonObject object() {
    require(value instanceof JsonObject, "is not an object");
    return value.getAsJsonObject();
  }

  boolean flag() {
    require(
        value instanceof JsonPrimitive primitive && primitive.isBoolean(),
        "is neither true nor false");
    return value.getAsBoolean();
  }

  void checkTexts() {
    require(value instanceof JsonArray, "is not a list of strings");
    value.getAsJsonArray().forEach(text -> part("an element of " + path, text).text());
  }

  /** Accepts line breaks, unlike {@link #text()}. */
  void checkString() {
    require(isString(), "is not a string");
  }

  void checkWholeNumber() {
    require(
        value instanceof JsonPrimitive primitive
            && WHOLE_NUMBER.matcher(primitive.getAsString()).matches(),
        "is not a whole number");
  }

  private boolean isString() {
    return value instanceof JsonPrimitive primitive && primitive.isString();
  }

  /** Returns the member of this name; its value is a JSON null if it is absent. */
  ConfigField member(String name) {
    JsonElement member = object().has(name) ? object().get(name) : JsonNull.INSTANCE;
    return part((path.isEmpty() ? "" : path + ".") + name, member);
  }

  boolean isPresent() {
    return !value.isJsonNull();
  }

  ConfigField part(String partPath, JsonElement part) {
    return new ConfigField(partPath, part, policy);
  }

  void require(boolean holds, String wrong) {
    require(holds, wrong, "Correct it");
  }

  void require(boolean holds, String wrong, String fix) {
    if (!holds) {
      throw refused(wrong, fix);
    }
  }

  void requireAllowed(Resource resource, String name) {
    require(
        policy.allows(resource, name),
        resource.use + " that the policy does not allow",
        "To allow it, call CredentialConfigPolicy." + resource.method);
  }

  CredentialException refused(String wrong, String fix) {
    return InternalExceptions.sourceUnusable(
        "The credential configuration is refused: %s %s. %s."
            .formatted(path.isEmpty() ? "it" : path, wrong, fix),
        HelpTopic.CONFIGURATION_REFUSED,
        null);
  }

  /** Omits the value, which may be secret. */
  @Override
  public String toString() {
    return "ConfigField[%s]".formatted(path);
  }
}
