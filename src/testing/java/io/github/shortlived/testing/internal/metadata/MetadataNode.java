package io.github.shortlived.testing.internal.metadata;

import com.google.common.base.CaseFormat;
import com.google.common.collect.ImmutableMap;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.shortlived.testing.internal.http.HttpCall;
import io.github.shortlived.testing.internal.http.HttpReply;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A node of the metadata server's tree. */
sealed interface MetadataNode {

  /** Returns its part of a recursive response; empty if that leaves the node out. */
  Optional<JsonElement> json();

  /** Other nodes by name, in their order. */
  record Folder(ImmutableMap<String, MetadataNode> children) implements MetadataNode {
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

    /** Emails do not change. */
    private static String jsonName(String name) {
      return name.indexOf('@') < 0
          ? CaseFormat.LOWER_HYPHEN.to(CaseFormat.LOWER_CAMEL, name)
          : name;
    }
  }

  /** A value that is the same for every call. */
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

  /** A token, issued for the call. */
  record Token(Function<HttpCall, HttpReply> maker) implements MetadataNode {
    @Override
    public Optional<JsonElement> json() {
      return Optional.empty();
    }
  }
}
