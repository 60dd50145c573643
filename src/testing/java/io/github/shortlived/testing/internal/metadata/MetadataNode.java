package io.github.shortlived.testing.internal.metadata;

import com.google.common.base.CaseFormat;
import com.google.common.collect.ImmutableMap;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.http.HttpCall;
import io.github.shortlived.testing.internal.http.HttpReply;
import io.github.shortlived.testing.internal.json.Json;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A node of the metadata server's tree. */
sealed interface MetadataNode {
  /** The child nodes by name, in their order. */
  record Folder(ImmutableMap<String, MetadataNode> children) implements MetadataNode {
    /** Returns the values below this folder, without tokens. */
    JsonObject json() {
      JsonObject object = new JsonObject();
      children.forEach(
          (name, child) -> {
            if (child instanceof Folder folder) {
              object.add(jsonName(name), folder.json());
            } else if (child instanceof Value value) {
              object.add(jsonName(name), value.json());
            }
          });
      return object;
    }

    String listing() {
      return children.entrySet().stream()
          .map(child -> child.getKey() + (child.getValue() instanceof Folder ? "/\n" : "\n"))
          .collect(Collectors.joining());
    }

    /** Returns the name in camel case, unless it is an email. */
    private static String jsonName(String name) {
      return name.indexOf('@') < 0
          ? CaseFormat.LOWER_HYPHEN.to(CaseFormat.LOWER_CAMEL, name)
          : name;
    }
  }

  /** A string, a number or a list of strings, which is the same for every call. */
  record Value(JsonElement json) implements MetadataNode {
    static Value of(Object value) {
      return new Value(Json.tree(value));
    }

    String text() {
      return json instanceof JsonArray lines
          ? StreamSupport.stream(lines.spliterator(), false)
              .map(line -> line.getAsString() + "\n")
              .collect(Collectors.joining())
          : json.getAsString();
    }
  }

  /** A token, issued for each call. */
  record Token(Function<HttpCall, HttpReply> issuer) implements MetadataNode {}
}
