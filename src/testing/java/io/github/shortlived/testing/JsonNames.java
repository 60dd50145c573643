package io.github.shortlived.testing;

import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Finds names that an object gives twice: of these Gson keeps the last and says nothing. */
final class JsonNames {
  private final JsonReader reader;

  private JsonNames(JsonReader reader) {
    this.reader = reader;
  }

  /** The path of the first name given twice in a well-formed document. */
  static Optional<String> repeated(String json) {
    try {
      return new JsonNames(new JsonReader(new StringReader(json))).inValue();
    } catch (IOException e) {
      throw new IllegalStateException("A string is read without fault", e);
    }
  }

  private Optional<String> inValue() throws IOException {
    return switch (reader.peek()) {
      case BEGIN_OBJECT -> inObject();
      case BEGIN_ARRAY -> inArray();
      default -> {
        reader.skipValue();
        yield Optional.empty();
      }
    };
  }

  private Optional<String> inObject() throws IOException {
    Set<String> names = new HashSet<>();
    Optional<String> found = Optional.empty();
    reader.beginObject();
    while (found.isEmpty() && reader.hasNext()) {
      found = names.add(reader.nextName()) ? inValue() : Optional.of(reader.getPath());
    }
    return ended(found, reader::endObject);
  }

  private Optional<String> inArray() throws IOException {
    Optional<String> found = Optional.empty();
    reader.beginArray();
    while (found.isEmpty() && reader.hasNext()) {
      found = inValue();
    }
    return ended(found, reader::endArray);
  }

  /** Once found, the rest is not read. */
  private static Optional<String> ended(Optional<String> found, End end) throws IOException {
    if (found.isEmpty()) {
      end.read();
    }
    return found;
  }

  /** The end of an object or an array. */
  private interface End {
    void read() throws IOException;
  }
}
