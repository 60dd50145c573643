package io.github.shortlived.testing.internal.json;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Reads strict JSON, as RFC 8259 defines it, and writes JSON. */
public final class Json {
  private static final Gson GSON = new Gson();
  private static final Gson PRETTY =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private Json() {}

  /** Parses an object; if it has a name twice, the last value counts. */
  public static JsonObject object(String text) {
    JsonReader reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    try {
      JsonElement element = JsonParser.parseReader(reader);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new JsonParseException("There is text after the JSON value");
      }
      if (element instanceof JsonObject object) {
        return object;
      }
      throw new JsonParseException("Not a JSON object");
    } catch (IOException e) {
      throw new JsonParseException(e);
    }
  }

  /** Returns the JSON path of the first duplicate name; the text must be valid JSON. */
  public static Optional<String> duplicateName(String json) {
    JsonReader reader = new JsonReader(new StringReader(json));
    Deque<Set<String>> names = new ArrayDeque<>();
    try {
      for (JsonToken next = reader.peek(); next != JsonToken.END_DOCUMENT; next = reader.peek()) {
        switch (next) {
          case BEGIN_OBJECT -> {
            reader.beginObject();
            names.push(new HashSet<>());
          }
          case NAME -> {
            if (!names.getFirst().add(reader.nextName())) {
              return Optional.of(reader.getPath());
            }
          }
          case END_OBJECT -> {
            reader.endObject();
            names.pop();
          }
          case BEGIN_ARRAY -> reader.beginArray();
          case END_ARRAY -> reader.endArray();
          default -> reader.skipValue();
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new IllegalStateException("The document is not valid JSON", e);
    }
  }

  /** Converts strings, numbers, booleans, lists and maps to JSON. */
  public static JsonElement tree(Object value) {
    return GSON.toJsonTree(value);
  }

  /** Formats a file with the indentation of Google's tools. */
  public static String pretty(JsonObject file) {
    return PRETTY.toJson(file) + "\n";
  }
}
