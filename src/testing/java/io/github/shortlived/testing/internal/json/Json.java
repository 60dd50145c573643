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

/** Reads JSON strictly, as RFC 8259 defines it, and writes it. */
public final class Json {
  private static final Gson GSON = new Gson();
  private static final Gson PRETTY =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private Json() {}

  public static JsonObject object(String text) {
    JsonElement element = element(text);
    if (!element.isJsonObject()) {
      throw new JsonParseException("Not a JSON object");
    }
    return element.getAsJsonObject();
  }

  /** Strings, numbers, booleans, lists and maps of them as JSON. */
  public static JsonElement tree(Object value) {
    return GSON.toJsonTree(value);
  }

  /** The text of a file, indented as Google's tools indent theirs. */
  public static String pretty(JsonObject file) {
    return PRETTY.toJson(file) + "\n";
  }

  private static JsonElement element(String text) {
    JsonReader reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    try {
      JsonElement element = JsonParser.parseReader(reader);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new JsonParseException("Something follows the JSON value");
      }
      return element;
    } catch (IOException e) {
      throw new JsonParseException(e);
    }
  }
}
