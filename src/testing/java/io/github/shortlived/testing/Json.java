package io.github.shortlived.testing;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;

/** Reads JSON strictly: what RFC 8259 does not allow is refused, not guessed at. */
final class Json {
  private static final Gson GSON = new Gson();

  private Json() {}

  static JsonObject object(String text) {
    JsonElement element = element(text);
    if (!element.isJsonObject()) {
      throw new JsonParseException("Not a JSON object");
    }
    return element.getAsJsonObject();
  }

  /** Strings, numbers, booleans, lists and maps of them as JSON. */
  static JsonElement tree(Object value) {
    return GSON.toJsonTree(value);
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
