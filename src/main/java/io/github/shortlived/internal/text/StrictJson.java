package io.github.shortlived.internal.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
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
import org.jspecify.annotations.Nullable;

/**
 * Parses a JSON object without duplicate names, for which two parsers may take different values.
 *
 * @param maxBytes the largest size in UTF-8
 * @param maxDepth the deepest nesting
 * @param verbatim whether null values and the notation of numbers are preserved; otherwise fields
 *     that are null are left out
 */
public record StrictJson(int maxBytes, int maxDepth, boolean verbatim) {
  public static final int MAX_UNTRUSTED_BYTES = 64 * 1024;

  /** Parses an untrusted object. */
  public static final StrictJson UNTRUSTED = new StrictJson(MAX_UNTRUSTED_BYTES, 8, false);

  /** Parses an object from the caller, with Gson's nesting limit. */
  public static final StrictJson TRUSTED = new StrictJson(Integer.MAX_VALUE, 255, true);

  private static final String NO_OBJECT = "it is not a JSON object";

  public JsonObject parse(String json) throws Malformed {
    if (json.length() > maxBytes || json.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
      throw new Malformed("it is larger than " + limit());
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
      // The parser's messages quote the text, so the exception is dropped.
      throw new Malformed(NO_OBJECT);
    }
  }

  private String limit() {
    int kib = maxBytes / 1024;
    return kib < 1024 ? kib + " KiB" : kib / 1024 + " MiB";
  }

  private JsonElement element(JsonReader reader, int depth) throws IOException {
    return switch (reader.peek()) {
      case BEGIN_OBJECT -> object(reader, depth);
      case BEGIN_ARRAY -> array(reader, depth);
      case BOOLEAN -> new JsonPrimitive(reader.nextBoolean());
      case NUMBER -> number(reader.nextString());
      case NULL -> nullValue(reader);
      default -> new JsonPrimitive(reader.nextString());
    };
  }

  private JsonElement number(String text) {
    return verbatim ? JsonParser.parseString(text) : new JsonPrimitive(new BigDecimal(text));
  }

  private JsonElement nullValue(JsonReader reader) throws IOException {
    if (!verbatim) {
      throw new Malformed(NO_OBJECT);
    }
    reader.nextNull();
    return JsonNull.INSTANCE;
  }

  private JsonObject object(JsonReader reader, int depth) throws IOException {
    checkDepth(depth);
    JsonObject object = new JsonObject();
    Set<String> names = new HashSet<>();
    reader.beginObject();
    while (reader.hasNext()) {
      String name = reader.nextName();
      if (!names.add(name)) {
        throw new Malformed("it has a field twice", name, reader.getPath());
      } else if (reader.peek() == JsonToken.NULL && !verbatim) {
        reader.nextNull();
      } else {
        object.add(name, element(reader, depth + 1));
      }
    }
    reader.endObject();
    return object;
  }

  private JsonArray array(JsonReader reader, int depth) throws IOException {
    checkDepth(depth);
    JsonArray array = new JsonArray();
    reader.beginArray();
    while (reader.hasNext()) {
      array.add(element(reader, depth + 1));
    }
    reader.endArray();
    return array;
  }

  private void checkDepth(int depth) throws Malformed {
    if (depth > maxDepth) {
      throw new Malformed("it is nested deeper than %d levels".formatted(maxDepth));
    }
  }

  /** The text breaks a rule. The message is the rule, and does not quote the text. */
  public static final class Malformed extends IOException {
    private static final long serialVersionUID = 1;

    private final @Nullable String duplicate;
    private final String path;

    private Malformed(String rule) {
      this(rule, null, "$");
    }

    private Malformed(String rule, @Nullable String duplicate, String path) {
      super(rule);
      this.duplicate = duplicate;
      this.path = path;
    }

    /** Returns the name that occurs twice; null if there is none. */
    public @Nullable String duplicate() {
      return duplicate;
    }

    /** Returns the JSON path of the name that occurs twice, or of the whole text. */
    public String path() {
      return path;
    }
  }
}
