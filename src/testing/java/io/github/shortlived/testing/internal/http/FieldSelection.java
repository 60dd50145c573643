package io.github.shortlived.testing.internal.http;

import com.google.common.collect.ImmutableList;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;

/**
 * The fields of a partial response, such as {@code accounts(email,name),nextPageToken}, as paths of
 * names. The name {@code *} stands for any field.
 *
 * @see <a href="https://developers.google.com/discovery/v1/performance#partial-response">Partial
 *     response</a>
 */
public record FieldSelection(List<List<String>> paths) {
  public static final String ANY = "*";
  private static final int LONGEST = 4000;

  /** Reads a selection; text in another form is Google's error for an unknown field. */
  public static FieldSelection of(String text) {
    return new FieldSelection(new Parser(text).all());
  }

  /** Returns the selected part of a response. */
  public JsonObject in(JsonObject response) {
    return selected(response, paths);
  }

  private static JsonElement selected(JsonElement value, List<List<String>> paths) {
    if (paths.stream().anyMatch(List::isEmpty)) {
      return value;
    }
    if (value instanceof JsonArray array) {
      JsonArray items = new JsonArray();
      array.forEach(item -> items.add(selected(item, paths)));
      return items;
    }
    return value instanceof JsonObject object ? selected(object, paths) : value;
  }

  private static JsonObject selected(JsonObject object, List<List<String>> paths) {
    JsonObject part = new JsonObject();
    object
        .asMap()
        .forEach(
            (name, value) -> {
              List<List<String>> below = below(name, paths);
              if (!below.isEmpty()) {
                part.add(name, selected(value, below));
              }
            });
    return part;
  }

  private static List<List<String>> below(String name, List<List<String>> paths) {
    return paths.stream()
        .filter(path -> path.get(0).equals(name) || path.get(0).equals(ANY))
        .map(path -> path.subList(1, path.size()))
        .toList();
  }

  /**
   * Reads {@code list = path ("," path)*} and {@code path = name [("/" | ".") path | "(" list
   * ")"]}.
   */
  private static final class Parser {
    private static final String SYMBOLS = "/.,()";

    private final String text;
    private final StringTokenizer tokens;
    private String next;

    Parser(String text) {
      this.text = text.length() > LONGEST ? "" : text;
      this.tokens = new StringTokenizer(this.text, SYMBOLS, true);
      this.next = read();
    }

    List<List<String>> all() {
      List<List<String>> paths = list();
      require(next.isEmpty());
      return paths;
    }

    private List<List<String>> list() {
      List<List<String>> paths = new ArrayList<>(path());
      while (accept(",")) {
        paths.addAll(path());
      }
      return paths;
    }

    private List<List<String>> path() {
      String name = next;
      require(!SYMBOLS.contains(name)); // nor is the name empty
      next = read();
      return rest().stream()
          .<List<String>>map(path -> ImmutableList.<String>builder().add(name).addAll(path).build())
          .toList();
    }

    /** Returns the paths below a name; the empty path stands for the whole value. */
    private List<List<String>> rest() {
      if (accept("/") || accept(".")) {
        return path();
      }
      if (!accept("(")) {
        return List.of(List.of());
      }
      List<List<String>> paths = list();
      require(accept(")"));
      return paths;
    }

    private boolean accept(String symbol) {
      boolean accepted = next.equals(symbol);
      if (accepted) {
        next = read();
      }
      return accepted;
    }

    private String read() {
      return tokens.hasMoreTokens() ? tokens.nextToken().strip() : "";
    }

    private void require(boolean holds) {
      if (!holds) {
        throw GoogleErrors.fieldUnknown(text);
      }
    }
  }
}
