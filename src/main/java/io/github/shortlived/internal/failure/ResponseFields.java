package io.github.shortlived.internal.failure;

import com.google.common.base.CharMatcher;
import com.google.common.collect.Range;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks the fields of successful responses and of source credentials before they are used. */
public final class ResponseFields {
  // The range of google.protobuf.Timestamp.
  private static final Range<Instant> TIMES =
      Range.closed(
          Instant.parse("0001-01-01T00:00:00Z"), Instant.parse("9999-12-31T23:59:59.999999999Z"));
  private static final int NANOS_PER_SECOND = 1_000_000_000;
  private static final CharMatcher REFUSED = CharMatcher.inRange(' ', '~').negate();
  private static final String BEARER = "Bearer ";

  private ResponseFields() {}

  /** Parses a response; empty if it is not a JSON object. */
  public static Optional<JsonObject> object(@Nullable String response) {
    try {
      return response != null && JsonParser.parseString(response) instanceof JsonObject object
          ? Optional.of(object)
          : Optional.empty();
    } catch (JsonParseException e) {
      return Optional.empty(); // The parser's message may quote a token.
    }
  }

  /**
   * Returns the time of this second of the epoch.
   *
   * @throws MalformedResponseException if it is out of the range of a {@code Timestamp}
   * @see <a href="https://protobuf.dev/reference/protobuf/google.protobuf/#timestamp">Timestamp</a>
   */
  public static Instant time(long seconds, int nanos) throws MalformedResponseException {
    try {
      Instant time = Instant.ofEpochSecond(seconds, nanos);
      if (nanos >= 0 && nanos < NANOS_PER_SECOND && TIMES.contains(time)) {
        return time;
      }
    } catch (DateTimeException | ArithmeticException e) {
      // Thrown below.
    }
    throw MalformedResponseException.incomplete();
  }

  /** Returns a token of a response. Throws if it is empty or has a character that none has. */
  public static String token(String token) throws MalformedResponseException {
    return field("The token in the response", token);
  }

  /** Returns the ID of a key in a response. Throws as {@link #token} does. */
  public static String keyId(String id) throws MalformedResponseException {
    return field("The key ID in the response", id);
  }

  private static String field(String name, String value) throws MalformedResponseException {
    if (value.isBlank()) {
      throw MalformedResponseException.incomplete();
    }
    return checked(name, value, "");
  }

  /** Returns a token of the source credentials. Throws as {@link #token} does. */
  public static String sourceToken(String token) throws MalformedResponseException {
    return checked(
        "The token of the source credentials", token, ". Correct it where the token is read");
  }

  /**
   * Returns the headers of source credentials. Throws if a value is empty or has a character that
   * no token has: HTTP clients quote such a header in an exception, and gRPC logs it.
   */
  public static Map<String, List<String>> sourceHeaders(Map<String, List<String>> headers)
      throws MalformedResponseException {
    for (Map.Entry<String, List<String>> header : headers.entrySet()) {
      for (String value : header.getValue()) {
        if (header.getKey().equalsIgnoreCase("Authorization")) {
          sourceToken(value.startsWith(BEARER) ? value.substring(BEARER.length()) : value);
        } else {
          checked("The header %s of the source credentials".formatted(header.getKey()), value, "");
        }
      }
    }
    return headers;
  }

  /** Requires ASCII without control characters. The message shows nothing else of the text. */
  private static String checked(String name, String text, String fix)
      throws MalformedResponseException {
    if (text.isBlank()) {
      throw MalformedResponseException.unusable("%s is empty%s".formatted(name, fix));
    }
    int refused = REFUSED.indexIn(text);
    if (refused >= 0) {
      throw MalformedResponseException.unusable(
          "%s has the character U+%04X, which is not allowed in a header%s"
              .formatted(name, text.codePointAt(refused), fix));
    }
    return text;
  }
}
