package io.github.shortlived.testing.internal.metadata;

import com.google.common.base.CaseFormat;
import com.google.common.collect.ImmutableMap;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.http.HttpCall;
import io.github.shortlived.testing.internal.http.HttpReply;
import io.github.shortlived.testing.internal.json.Json;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A node of the metadata server's tree. */
sealed interface MetadataNode {
  /** Returns the values of this node and those below it as lines of a path and a text. */
  Stream<String> lines(String path);

  /**
   * The child nodes by name, in their order.
   *
   * @param isList whether the names are the indices of a list
   */
  record Folder(ImmutableMap<String, MetadataNode> children, boolean isList)
      implements MetadataNode {
    static Folder of(Map<String, MetadataNode> children) {
      return new Folder(ImmutableMap.copyOf(children), false);
    }

    static Folder list(MetadataNode... items) {
      ImmutableMap.Builder<String, MetadataNode> children = ImmutableMap.builder();
      for (int i = 0; i < items.length; i++) {
        children.put(Integer.toString(i), items[i]);
      }
      return new Folder(children.build(), true);
    }

    /** Returns the values below this folder, without tokens. */
    JsonElement json() {
      JsonObject object = new JsonObject();
      children.forEach(
          (name, child) -> {
            if (child instanceof Folder folder) {
              object.add(jsonName(name), folder.json());
            } else if (child instanceof Value value) {
              object.add(jsonName(name), value.json());
            }
          });
      return isList ? arrayOf(object) : object;
    }

    String listing() {
      return children.entrySet().stream()
          .map(child -> child.getKey() + (child.getValue() instanceof Folder ? "/\n" : "\n"))
          .collect(Collectors.joining());
    }

    @Override
    public Stream<String> lines(String path) {
      String start = path.isEmpty() ? "" : path + "/";
      return children.entrySet().stream()
          .flatMap(child -> child.getValue().lines(start + child.getKey()));
    }

    private static JsonArray arrayOf(JsonObject items) {
      JsonArray array = new JsonArray();
      items.asMap().values().forEach(array::add);
      return array;
    }

    /** Returns the name in camel case, unless it is an email. */
    private static String jsonName(String name) {
      return name.indexOf('@') < 0
          ? CaseFormat.LOWER_HYPHEN.to(CaseFormat.LOWER_CAMEL, name)
          : name;
    }
  }

  /**
   * A string, a number or a list of strings, which is the same for every call.
   *
   * @param isJsonByDefault whether the value is JSON unless a call asks for text
   */
  record Value(JsonElement json, boolean isJsonByDefault) implements MetadataNode {
    static Value of(Object value) {
      return new Value(Json.tree(value), false);
    }

    static Value ofJson(Object value) {
      return new Value(Json.tree(value), true);
    }

    String text() {
      return json.isJsonArray()
          ? texts().map(line -> line + "\n").collect(Collectors.joining())
          : json.getAsString();
    }

    @Override
    public Stream<String> lines(String path) {
      return texts().map(text -> path + " " + text);
    }

    private Stream<String> texts() {
      return json instanceof JsonArray items
          ? StreamSupport.stream(items.spliterator(), false).map(JsonElement::getAsString)
          : Stream.of(json.getAsString());
    }
  }

  /** A token, issued for each call. */
  record Token(Function<HttpCall, HttpReply> issuer) implements MetadataNode {
    @Override
    public Stream<String> lines(String path) {
      return Stream.empty();
    }
  }
}
