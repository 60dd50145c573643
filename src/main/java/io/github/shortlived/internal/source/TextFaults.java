package io.github.shortlived.internal.source;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonStreamParser;
import io.github.shortlived.internal.source.CredentialFault.Rule;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Explains a text that is not one JSON object. */
final class TextFaults {
  private static final List<Rule<String>> TABLE =
      List.of(
          new Rule<>(String::isBlank, CredentialFile.EMPTY),
          new Rule<>(text -> text.indexOf('\0') >= 0, CredentialFile.NUL),
          Rule.of(
              TextFaults::isStringOfJson,
              "is a JSON string that contains the JSON",
              "Remove the quotation marks around it and the backslashes in it, for example with"
                  + " 'jq -r .'"),
          Rule.find( // Base64 of an opening brace, and more.
              "\\A\\s*+e[w-z0-9+/][A-Za-z0-9+/=_\\s-]{20,}+\\z",
              "is base64 of the JSON",
              "Decode it, for example with 'base64 --decode'"),
          Rule.find(
              "\\A\\s*+-----BEGIN ",
              "is a private key or certificate without the JSON around it",
              "Use the whole JSON file that contains it"),
          Rule.find(
              "\\A\\s*+[^\\s{}\\[\\]\"',]{1,1000}\\.json\\s*+\\z",
              "is the path of a file instead of its content",
              "Pass that path to keyFile"),
          Rule.find("\\A\\s*+\\[", "is a JSON array", "Use the object in it as a file of its own"),
          Rule.of(TextFaults::hasTextAfterJson, "has text after the JSON", "Remove that text"),
          Rule.of(
              text -> text.strip().startsWith("{") && !text.strip().endsWith("}"),
              "ends before the JSON does, so a part is missing",
              CredentialFault.COPY));
  private static final CredentialFault OTHER =
      new CredentialFault("is not a JSON object", CredentialFault.COPY);

  private static final Pattern STRING =
      Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"", Pattern.DOTALL);
  private static final Pattern COMMENT = Pattern.compile("//|/\\*|#");
  private static final CredentialFault WITH_COMMENT =
      new CredentialFault("contains a comment, which is not JSON", "Remove it");

  private TextFaults() {}

  static CredentialFault of(String text) {
    return CredentialFault.first(CredentialFile.FORMATS, text)
        .or(() -> CredentialFault.first(TABLE, text))
        .orElse(OTHER);
  }

  /** Explains a JSON object with a comment, which this parser ignores and google-auth refuses. */
  static Optional<CredentialFault> comment(String text) {
    return parse(text)
        .filter(JsonElement::isJsonObject)
        .filter(json -> COMMENT.matcher(STRING.matcher(text).replaceAll("")).find())
        .map(json -> WITH_COMMENT);
  }

  /** Parses like google-auth; empty for a text that is no JSON. */
  static Optional<JsonElement> parse(String text) {
    try {
      return Optional.of(JsonParser.parseString(text));
    } catch (JsonParseException e) {
      return Optional.empty(); // The message quotes the text.
    }
  }

  private static boolean isStringOfJson(String text) {
    return parse(text).orElse(null) instanceof JsonPrimitive value
        && value.isString()
        && value.getAsString().strip().startsWith("{");
  }

  private static boolean hasTextAfterJson(String text) {
    try {
      return new JsonStreamParser(text).next().isJsonObject();
    } catch (JsonParseException | NoSuchElementException e) {
      return false;
    }
  }
}
