package io.github.shortlived.testing;

import com.google.common.base.CaseFormat;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A place in the metadata server's tree. */
sealed interface MetadataNode {

  /** What a recursive answer shows of it; empty when it is left out. */
  Optional<JsonElement> json();

  /** Other places by name, in their order. */
  record Folder(Map<String, MetadataNode> children) implements MetadataNode {
    public Folder {
      children = new LinkedHashMap<>(children);
    }

    @Override
    public Optional<JsonElement> json() {
      JsonObject object = new JsonObject();
      children.forEach(
          (name, child) -> child.json().ifPresent(json -> object.add(jsonName(name), json)));
      return Optional.of(object);
    }

    String listing() {
      return children.entrySet().stream()
          .map(child -> child.getKey() + (child.getValue() instanceof Folder ? "/\n" : "\n"))
          .collect(Collectors.joining());
    }

    /** Emails stay as they are. */
    private static String jsonName(String name) {
      return name.indexOf('@') < 0
          ? CaseFormat.LOWER_HYPHEN.to(CaseFormat.LOWER_CAMEL, name)
          : name;
    }
  }

  /** A value that every call sees alike. */
  record Value(JsonElement value) implements MetadataNode {
    static Value of(String text) {
      return new Value(new JsonPrimitive(text));
    }

    static Value lines(Iterable<String> lines) {
      JsonArray array = new JsonArray();
      lines.forEach(array::add);
      return new Value(array);
    }

    @Override
    public Optional<JsonElement> json() {
      return Optional.of(value);
    }

    String text() {
      return value instanceof JsonArray lines
          ? StreamSupport.stream(lines.spliterator(), false)
              .map(line -> line.getAsString() + "\n")
              .collect(Collectors.joining())
          : value.getAsString();
    }
  }

  /** A token, made for the call. */
  record Token(Function<HttpCall, HttpReply> maker) implements MetadataNode {
    @Override
    public Optional<JsonElement> json() {
      return Optional.empty();
    }
  }
}
