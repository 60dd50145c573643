package io.github.shortlived.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.github.shortlived.FuzzedText;
import io.github.shortlived.internal.text.JwtPayload;
import java.io.IOException;
import java.io.StringReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Claims of any JSON are signed unchanged, or refused by a message that quotes nothing of them. */
class JwtClaimsFuzzTest {
  private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");
  private static final int TELLING = 6;

  @FuzzTest(maxDuration = "1m")
  void ofJson_ofAnyText_isSignedAsItIsOrRefused(byte[] input) throws IOException {
    String json = FuzzedText.of(input);
    Optional<JwtClaims> claims = refusedWithoutValues(json, () -> JwtClaims.ofJson(json));
    if (claims.isEmpty()) {
      return;
    }
    long expiry = JsonParser.parseString(json).getAsJsonObject().get("exp").getAsLong();
    JwtPayload payload = claims.get().signedAt(Instant.ofEpochSecond(expiry).minusSeconds(1));
    assertThat(tokens(payload.json())).isEqualTo(tokens(json));
    assertThat(payload.expiry()).isEqualTo(Instant.ofEpochSecond(expiry));
    assertThat(JwtClaims.ofJson(payload.json())).isEqualTo(claims.get());
    refusedWithoutValues(json, () -> claims.get().signedAt(NOW));
  }

  @ParameterizedTest
  @ValueSource(strings = {"claims", "escapes"})
  void ofJson_ofClaims_isAccepted(String seed) {
    String method = "ofJson_ofAnyText_isSignedAsItIsOrRefused";
    String json = FuzzedText.of(FuzzedText.seed(getClass(), method, seed));
    assertThat(FuzzedText.accepted(() -> JwtClaims.ofJson(json))).isPresent();
  }

  private static <T> Optional<T> refusedWithoutValues(String json, Supplier<T> made) {
    return FuzzedText.accepted(
        () -> {
          try {
            return made.get();
          } catch (CredentialException refusal) {
            secrets(json).forEach(value -> assertThat(refusal.getMessage()).doesNotContain(value));
            throw refusal;
          }
        });
  }

  /** Returns the texts in the claims, except short ones, which occur in any message. */
  private static Stream<String> secrets(String json) {
    try {
      JsonElement root = JsonParser.parseString(json);
      List<String> names = elements(root).flatMap(JwtClaimsFuzzTest::names).toList();
      return elements(root)
          .filter(element -> element instanceof JsonPrimitive value && value.isString())
          .map(JsonElement::getAsString)
          .filter(text -> text.length() >= TELLING)
          .filter(text -> names.stream().noneMatch(name -> name.contains(text)));
    } catch (JsonParseException e) {
      return Stream.of();
    }
  }

  private static Stream<String> names(JsonElement element) {
    return element instanceof JsonObject object ? object.keySet().stream() : Stream.of();
  }

  private static Stream<JsonElement> elements(JsonElement element) {
    Collection<JsonElement> inside =
        element instanceof JsonObject object
            ? object.asMap().values()
            : element instanceof JsonArray array ? array.asList() : List.of();
    return Stream.concat(Stream.of(element), inside.stream().flatMap(JwtClaimsFuzzTest::elements));
  }

  /** Returns all names, values and brackets in their order, without the blanks between them. */
  private static List<String> tokens(String json) throws IOException {
    List<String> tokens = new ArrayList<>();
    try (JsonReader reader = new JsonReader(new StringReader(json))) {
      while (reader.peek() != JsonToken.END_DOCUMENT) {
        tokens.add(reader.peek() + ":" + next(reader));
      }
    }
    return tokens;
  }

  private static String next(JsonReader reader) throws IOException {
    switch (reader.peek()) {
      case BEGIN_OBJECT -> reader.beginObject();
      case END_OBJECT -> reader.endObject();
      case BEGIN_ARRAY -> reader.beginArray();
      case END_ARRAY -> reader.endArray();
      case NULL -> reader.nextNull();
      case BOOLEAN -> {
        return String.valueOf(reader.nextBoolean());
      }
      case NAME -> {
        return reader.nextName();
      }
      default -> {
        return reader.nextString();
      }
    }
    return "";
  }
}
