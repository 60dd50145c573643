package io.github.shortlived.testing.internal.json;

import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Finds names that an object gives twice: Gson keeps the last one without an error. */
public final class JsonNames {
  private JsonNames() {}

  /** The path of the first name given twice in a well-formed document. */
  public static Optional<String> repeated(String json) {
    try {
      return repeated(new JsonReader(new StringReader(json)));
    } catch (IOException e) {
      throw new IllegalStateException("A string is read without fault", e);
    }
  }

  private static Optional<String> repeated(JsonReader reader) throws IOException {
    Deque<Set<String>> names = new ArrayDeque<>();
    while (true) {
      switch (reader.peek()) {
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
        case END_DOCUMENT -> {
          return Optional.empty();
        }
        default -> reader.skipValue();
      }
    }
  }
}
