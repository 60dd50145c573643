package io.github.shortlived.internal.failure;

import com.google.common.collect.ImmutableMap;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The body of an HTTP error: Google's envelope ({@code {"error": {"status", "message",
 * "details"}}}) or OAuth 2.0's ({@code {"error", "error_description"}}). All fields are empty for
 * any other body, such as a proxy's page.
 *
 * @see <a href="https://cloud.google.com/apis/design/errors">Errors</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-5.2">RFC 6749, Error Response</a>
 */
record HttpErrorBody(
    @Nullable String status,
    @Nullable String message,
    @Nullable String reason,
    Map<String, String> metadata,
    @Nullable String requestId,
    @Nullable Duration retryDelay) {

  private static final HttpErrorBody NONE =
      new HttpErrorBody(null, null, null, Map.of(), null, null);
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,9})?s");

  static HttpErrorBody parse(@Nullable String content) {
    if (content == null) {
      return NONE;
    }
    try {
      return JsonParser.parseString(content) instanceof JsonObject body ? parse(body) : NONE;
    } catch (JsonParseException e) {
      return NONE;
    }
  }

  private static HttpErrorBody parse(JsonObject body) {
    if (body.get("error") instanceof JsonObject error) {
      JsonObject errorInfo = detailWith(error, "reason");
      return new HttpErrorBody(
          text(error, "status"),
          text(error, "message"),
          errorInfo.has("reason") ? text(errorInfo, "reason") : legacyReason(error),
          metadata(errorInfo),
          text(detailWith(error, "requestId"), "requestId"),
          seconds(text(detailWith(error, "retryDelay"), "retryDelay")));
    }
    String code = text(body, "error");
    String description = text(body, "error_description");
    String message = description == null ? code : code + ": " + description;
    return new HttpErrorBody(null, message, code, Map.of(), null, null);
  }

  /** Reads the reason of Compute Engine and other older APIs, which have a list of errors. */
  private static @Nullable String legacyReason(JsonObject error) {
    return error.get("errors") instanceof JsonArray errors
            && !errors.isEmpty()
            && errors.get(0) instanceof JsonObject first
        ? text(first, "reason")
        : null;
  }

  /** Finds {@code ErrorInfo}, {@code RequestInfo} or {@code RetryInfo} by one of its fields. */
  private static JsonObject detailWith(JsonObject error, String field) {
    if (error.get("details") instanceof JsonArray details) {
      for (JsonElement detail : details) {
        if (detail instanceof JsonObject object && object.has(field)) {
          return object;
        }
      }
    }
    return new JsonObject();
  }

  /** Parses a duration in protobuf's JSON form, such as {@code 3.5s}. */
  private static @Nullable Duration seconds(@Nullable String text) {
    return text != null && SECONDS.matcher(text).matches()
        ? Duration.parse("PT" + text.toUpperCase(Locale.ROOT))
        : null;
  }

  private static Map<String, String> metadata(JsonObject errorInfo) {
    ImmutableMap.Builder<String, String> metadata = ImmutableMap.builder();
    if (errorInfo.get("metadata") instanceof JsonObject entries) {
      for (String name : entries.keySet()) {
        String value = text(entries, name);
        if (value != null) {
          metadata.put(name, value);
        }
      }
    }
    return metadata.build();
  }

  /** {@return the status alone, because the rest is not redacted} */
  @Override
  public String toString() {
    return "HttpErrorBody[status=%s]".formatted(status);
  }

  private static @Nullable String text(JsonObject object, String name) {
    return object.get(name) instanceof JsonPrimitive value ? value.getAsString() : null;
  }
}
