package io.github.shortlived.config;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.shortlived.config.CredentialConfigPolicy.Allowance;
import io.github.shortlived.internal.failure.HelpTopic;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import java.util.regex.Pattern;

/**
 * A field of a credential configuration on its way past the policy. Errors tell the path of a known
 * one, and nothing that the configuration says: not even a host or the name of an unknown field,
 * for a secret may have been pasted into any place.
 *
 * @param origin which configuration it is of: begins every error
 * @param path such as {@code credential_source.url}; empty for the configuration itself
 */
record ConfigField(String origin, String path, JsonElement value, CredentialConfigPolicy policy) {
  private static final Pattern LINE = Pattern.compile("\\P{Cntrl}*");

  String text() {
    require(
        value instanceof JsonPrimitive primitive
            && primitive.isString()
            && LINE.matcher(primitive.getAsString()).matches(),
        "is not a line of text",
        "Correct it");
    return value.getAsString();
  }

  ConfigUrl url() {
    return ConfigUrl.parse(text())
        .orElseThrow(
            () -> refused("is not a plain URL, of scheme, host and path alone", "Correct it"));
  }

  JsonObject object() {
    require(value instanceof JsonObject, "is not an object", "Correct it");
    return value.getAsJsonObject();
  }

  /** The field of this known name in this object; null, as JSON has it, where there is none. */
  ConfigField member(String name) {
    JsonElement member = object().has(name) ? object().get(name) : JsonNull.INSTANCE;
    return part((path.isEmpty() ? "" : path + ".") + name, member);
  }

  boolean isPresent() {
    return !value.isJsonNull();
  }

  ConfigField part(String partPath, JsonElement part) {
    return new ConfigField(origin, partPath, part, policy);
  }

  void require(boolean holds, String wrong, String fix) {
    if (!holds) {
      throw refused(wrong, fix);
    }
  }

  /** Refuses it unless the policy allows this by name. */
  void requireAllowed(Allowance allowance, String wrong, String method) {
    require(
        policy.allows(allowance),
        wrong + ", which the policy does not allow",
        "If it may, allow it by name with CredentialConfigPolicy." + method);
  }

  CredentialException refused(String wrong, String fix) {
    return InternalExceptions.sourceUnusable(
        "%s is refused: %s %s. %s.".formatted(origin, path.isEmpty() ? "it" : path, wrong, fix),
        HelpTopic.CONFIGURATION_REFUSED,
        null);
  }

  /** Not the value, which may be secret. */
  @Override
  public String toString() {
    return "ConfigurationField[%s]".formatted(path);
  }
}
