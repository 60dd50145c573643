package io.github.shortlived.internal.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads a JSON object that may have been made to do harm: bounded in size and depth, and without
 * duplicate names, of which two parsers may take different ones. What is null is left out.
 */
public final class StrictJson {
  public static final int MOST_BYTES = 64 * 1024;
  static final int DEEPEST = 8;

  public static final String TOO_LARGE = "it is larger than 64 KiB";

  private static final String NO_OBJECT = "it is not a JSON object";

  private StrictJson() {}

  public static JsonObject parse(String json) throws Malformed {
    if (json.length() > MOST_BYTES || json.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      throw new Malformed(TOO_LARGE);
    }
    try (JsonReader reader = new JsonReader(new StringReader(json))) {
      reader.setStrictness(Strictness.STRICT);
      JsonObject object = object(reader, 1);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new Malformed(NO_OBJECT);
      }
      return object;
    } catch (Malformed e) {
      throw e;
    } catch (IOException | IllegalStateException | NumberFormatException e) {
      // The parser's messages tell what they read, so the exception is not kept.
      throw new Malformed(NO_OBJECT);
    }
  }

  private static JsonElement element(JsonReader reader, int depth) throws IOException {
    return switch (reader.peek()) {
      case BEGIN_OBJECT -> object(reader, depth);
      case BEGIN_ARRAY -> array(reader, depth);
      case BOOLEAN -> new JsonPrimitive(reader.nextBoolean());
      case NUMBER -> new JsonPrimitive(new BigDecimal(reader.nextString()));
      default -> new JsonPrimitive(reader.nextString());
    };
  }

  private static JsonObject object(JsonReader reader, int depth) throws IOException {
    checkDepth(depth);
    JsonObject object = new JsonObject();
    reader.beginObject();
    Set<String> names = new HashSet<>();
    while (reader.hasNext()) {
      String name = reader.nextName();
      if (!names.add(name)) {
        throw new Malformed("it has a field twice");
      }
      member(reader, depth, object, name);
    }
    reader.endObject();
    return object;
  }

  private static void member(JsonReader reader, int depth, JsonObject object, String name)
      throws IOException {
    if (reader.peek() == JsonToken.NULL) {
      reader.nextNull();
    } else {
      object.add(name, element(reader, depth + 1));
    }
  }

  private static JsonArray array(JsonReader reader, int depth) throws IOException {
    checkDepth(depth);
    JsonArray array = new JsonArray();
    reader.beginArray();
    while (reader.hasNext()) {
      array.add(element(reader, depth + 1));
    }
    reader.endArray();
    return array;
  }

  private static void checkDepth(int depth) throws Malformed {
    if (depth > DEEPEST) {
      throw new Malformed("it is nested deeper than 8 levels");
    }
  }

  /** What is wrong, without a word of what was read. */
  public static final class Malformed extends IOException {
    private static final long serialVersionUID = 1;

    private final String why;

    private Malformed(String why) {
      super(why);
      this.why = why;
    }

    public String why() {
      return why;
    }
  }
}
