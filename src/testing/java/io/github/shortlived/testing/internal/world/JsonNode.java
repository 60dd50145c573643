package io.github.shortlived.testing.internal.world;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import io.github.shortlived.testing.internal.control.CallTarget;
import io.github.shortlived.testing.internal.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A value in a JSON document, with its path. Each message about the value starts with the path. */
record JsonNode(String path, JsonElement value) {
  /** The name of a field, and the code that reads its value. */
  record Field(String name, Consumer<JsonNode> reader) {}

  /** An exception whose message has the path. */
  private static final class Located extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    Located(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  static Field field(String name, Consumer<JsonNode> reader) {
    return new Field(name, reader);
  }

  static JsonNode parse(String json) {
    JsonNode root = new JsonNode("$", object(json));
    Json.duplicateName(json).ifPresent(JsonNode::refuseDuplicate);
    return root;
  }

  private static JsonObject object(String json) {
    try {
      return Json.object(json);
    } catch (JsonParseException notJson) {
      throw new Located("$: not a JSON object: " + notJson.getMessage(), notJson);
    }
  }

  private static void refuseDuplicate(String path) {
    throw new Located(path + ": the field occurs twice: keep one", null);
  }

  String string() {
    return Optional.of(value)
        .filter(v -> v instanceof JsonPrimitive p && p.isString())
        .map(JsonElement::getAsString)
        .orElseThrow(() -> wrong("must be a string"));
  }

  void ifTrue(Runnable action) {
    if (!(value instanceof JsonPrimitive flag) || !flag.isBoolean()) {
      throw wrong("must be true or false");
    }
    if (flag.getAsBoolean()) {
      action.run();
    }
  }

  /** Reads the items of a list in order. */
  void each(Consumer<JsonNode> reader) {
    if (!value.isJsonArray()) {
      throw wrong("must be a list: write [ ... ]");
    }
    List<JsonElement> items = value.getAsJsonArray().asList();
    for (int i = 0; i < items.size(); i++) {
      new JsonNode(path + "[" + i + "]", items.get(i)).read(reader);
    }
  }

  List<String> strings() {
    List<String> strings = new ArrayList<>();
    each(item -> strings.add(item.string()));
    return strings;
  }

  /** Reads an object whose values are strings. */
  Map<String, String> stringMap() {
    Map<String, String> strings = new LinkedHashMap<>();
    object().keySet().forEach(name -> strings.put(name, required(name).string()));
    return strings;
  }

  JsonNode required(String name) {
    return member(name)
        .orElseThrow(
            () -> new Located(path + "." + name + ": missing: add \"" + name + "\"", null));
  }

  /** Reads an object that has only these fields, in the order of the arguments. */
  void fields(Field... known) {
    Map<String, Field> byName = new LinkedHashMap<>();
    for (Field field : known) {
      byName.put(field.name(), field);
    }
    object().keySet().forEach(name -> requireKnown(name, byName));
    byName.forEach((name, field) -> member(name).ifPresent(node -> node.read(field.reader())));
  }

  private void requireKnown(String name, Map<String, Field> known) {
    if (!known.containsKey(name)) {
      throw new Located(path + "." + name + ": unknown field: use one of " + known.keySet(), null);
    }
  }

  Optional<JsonNode> member(String name) {
    return Optional.ofNullable(object().get(name))
        .map(member -> new JsonNode(path + "." + name, member));
  }

  /** Adds the path to the messages of the builder. */
  private void read(Consumer<JsonNode> reader) {
    try {
      reader.accept(this);
    } catch (Located located) {
      throw located;
    } catch (IllegalArgumentException wrong) {
      throw new Located(path + ": " + wrong.getMessage(), wrong);
    }
  }

  private JsonObject object() {
    if (!value.isJsonObject()) {
      throw wrong("must be an object: write { ... }");
    }
    return value.getAsJsonObject();
  }

  private Located wrong(String rule) {
    String shown = CallTarget.shortened(value.toString());
    return new Located(path + ": " + shown + " " + rule, null);
  }
}
