package io.github.shortlived.grant;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.internal.text.StrictJson;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.InternalExceptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A value in a saved plan, with the checks of its JSON type. A refusal names its path.
 *
 * @param path such as {@code $.policies[0].etag}
 */
record PlanField(String path, JsonElement value) {

  /** Parses an object. */
  static PlanField parse(String json, StrictJson parser) {
    try {
      PlanField plan = new PlanField("$", parser.parse(json));
      // Line breaks and tabs are between values: the parser refuses them inside.
      boolean visible = !SafeText.hasHidden(json.replaceAll("[\r\n\t]", ""));
      plan.require(visible, "an invisible character must be written as \\uXXXX");
      return plan;
    } catch (StrictJson.Malformed e) {
      throw invalid("saved plan", e.path(), String.valueOf(e.getMessage()));
    }
  }

  /** Returns this object, which has no other fields than these. */
  PlanField object(String... names) {
    List<String> known = List.of(names);
    for (String name : fields().keySet()) {
      if (!known.contains(name)) {
        throw invalid(
            "field of the saved plan at " + path,
            name,
            "the fields there are " + String.join(", ", known));
      }
    }
    return this;
  }

  private JsonObject fields() {
    require(value instanceof JsonObject, "it must be an object");
    return value.getAsJsonObject();
  }

  /** Returns a field of this object that must be there. */
  PlanField field(String name) {
    Optional<PlanField> field = optional(name);
    require(field.isPresent(), "it must have the field " + name);
    return field.get();
  }

  /** Returns a field of this object, if it is there. */
  Optional<PlanField> optional(String name) {
    return Optional.ofNullable(fields().get(name))
        .map(member -> new PlanField(path + "." + name, member));
  }

  /** Returns the elements of this array. */
  List<PlanField> elements() {
    require(value instanceof JsonArray, "it must be an array");
    JsonArray array = value.getAsJsonArray();
    return IntStream.range(0, array.size())
        .mapToObj(n -> new PlanField("%s[%d]".formatted(path, n), array.get(n)))
        .toList();
  }

  String text() {
    require(
        value instanceof JsonPrimitive primitive && primitive.isString(), "it must be a string");
    String text = value.getAsString();
    require(SafeText.isWellFormed(text), "it must have no UTF-16 surrogate without its pair");
    return text;
  }

  void requireNumber(int expected, String rule) {
    boolean isNumber = value instanceof JsonPrimitive primitive && primitive.isNumber();
    require(isNumber && value.getAsString().equals(Integer.toString(expected)), rule);
  }

  /** Returns what this text stands for. */
  <T> T oneOf(Map<String, T> meanings) {
    T meaning = meanings.get(text());
    if (meaning == null) {
      throw refused("it must be one of " + String.join(", ", meanings.keySet()));
    }
    return meaning;
  }

  /** Creates a value of this text; a refusal gets the path. */
  <T> T convert(Function<String, T> constructor) {
    String text = text();
    return checked(() -> constructor.apply(text));
  }

  /** Returns a checked value; a refusal gets the path. */
  <T> T checked(Supplier<T> check) {
    try {
      return check.get();
    } catch (InvalidRequest e) {
      throw InternalExceptions.invalid(
          "Invalid saved plan at %s: %s".formatted(path, e.getMessage()));
    }
  }

  void require(boolean holds, String rule) {
    if (!holds) {
      throw refused(rule);
    }
  }

  private CredentialException refused(String rule) {
    boolean isText = value instanceof JsonPrimitive primitive && primitive.isString();
    return invalid("saved plan at " + path, isText ? value.getAsString() : value.toString(), rule);
  }

  private static CredentialException invalid(String what, String value, String rule) {
    return InternalExceptions.invalid(what, value, rule, "Save the plan again with toJson()");
  }
}
