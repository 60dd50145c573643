package io.github.shortlived.internal.failure;

import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.httpjson.HttpJsonStatusCode;
import com.google.api.gax.rpc.StatusCode.Code;
import com.google.common.base.Enums;
import com.google.common.base.Strings;
import com.google.common.collect.Comparators;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Longs;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.shortlived.internal.text.SafeText;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP response with an error: Google's envelope ({@code {"error": {"status", "message",
 * "details"}}}) or OAuth 2.0's ({@code {"error", "error_description"}}). Any other body, such as a
 * proxy's page, has neither. Nothing is redacted.
 *
 * @see <a href="https://cloud.google.com/apis/design/errors">Errors</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-5.2">RFC 6749, Error Response</a>
 */
final class HttpErrorResponse {
  // Older APIs report an exhausted quota as HTTP 403, like a missing permission; these reasons
  // distinguish it.
  private static final Set<String> QUOTA_REASONS =
      Set.of("rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded");
  // JSON without an error may be anything, such as an echo of the request.
  private static final Pattern JSON = Pattern.compile("^\\s*[\\[{]");
  private static final Pattern SECONDS = Pattern.compile("([0-9]{1,19})(\\.[0-9]{1,9})?s");
  private static final Pattern ABOUT_TIME = Pattern.compile("\\b(iat|exp|timeframe)\\b");
  private static final long FOREVER = 1_000_000_000; // In seconds; longer than any total timeout.

  private final HttpResponseException response;
  private final HttpHeaders headers;
  private final JsonObject body;
  private final @Nullable JsonObject error;

  HttpErrorResponse(HttpResponseException response) {
    this.response = response;
    this.headers = response.getHeaders();
    this.body = ResponseFields.object(response.getContent()).orElseGet(JsonObject::new);
    this.error = body.get("error") instanceof JsonObject envelope ? envelope : null;
  }

  Code code() {
    if (QUOTA_REASONS.contains(Strings.nullToEmpty(reason()))) {
      return Code.RESOURCE_EXHAUSTED;
    }
    return Optional.ofNullable(error)
        .map(envelope -> text(envelope, "status"))
        .flatMap(status -> Enums.getIfPresent(Code.class, status).toJavaUtil())
        .filter(status -> status != Code.OK) // It is an error, even if the body says so.
        .orElseGet(() -> codeOf(status()));
  }

  /** Maps a status as gax does, except a request timeout and a proxy that requires a password. */
  static Code codeOf(int httpStatus) {
    return switch (httpStatus) {
      case 407 -> Code.UNKNOWN;
      case 408 -> Code.DEADLINE_EXCEEDED;
      default -> HttpJsonStatusCode.of(httpStatus).getCode();
    };
  }

  int status() {
    return response.getStatusCode();
  }

  /** Returns whether a retry may succeed after this status, whatever its code. */
  static boolean isTransient(int httpStatus) {
    return httpStatus == 408 || httpStatus == 429 || (httpStatus >= 500 && httpStatus != 501);
  }

  /** Returns the reason in {@code ErrorInfo}, the OAuth 2.0 error code, or null. */
  @Nullable String reason() {
    if (error == null) {
      return text(body, "error");
    }
    JsonObject errorInfo = detailWith("reason");
    return errorInfo.has("reason") ? text(errorInfo, "reason") : legacyReason(error);
  }

  /** Reads the reason of Compute Engine and other older APIs, which have a list of errors. */
  private static @Nullable String legacyReason(JsonObject error) {
    return error.get("errors") instanceof JsonArray errors
            && !errors.isEmpty()
            && errors.get(0) instanceof JsonObject first
        ? text(first, "reason")
        : null;
  }

  /** Returns the metadata in {@code ErrorInfo}. */
  Map<String, String> metadata() {
    ImmutableMap.Builder<String, String> metadata = ImmutableMap.builder();
    if (detailWith("reason").get("metadata") instanceof JsonObject entries) {
      for (String name : entries.keySet()) {
        String value = text(entries, name);
        if (value != null) {
          metadata.put(name, value);
        }
      }
    }
    return metadata.build();
  }

  /** Returns the service's message, or else the status and the beginning of the body. */
  String message() {
    return Optional.ofNullable(serviceMessage()).orElseGet(this::statusLine);
  }

  private @Nullable String serviceMessage() {
    if (error != null) {
      return text(error, "message");
    }
    String description = text(body, "error_description");
    return description == null || reason() == null ? reason() : reason() + ": " + description;
  }

  private String statusLine() {
    String line =
        "HTTP %d %s".formatted(status(), Strings.nullToEmpty(response.getStatusMessage())).strip();
    String content = Strings.nullToEmpty(response.getContent());
    String excerpt = JSON.matcher(content).find() ? "" : SafeText.excerpt(content);
    return excerpt.isEmpty() ? line : line + ": " + excerpt;
  }

  /** Returns the ID in {@code RequestInfo} or in a header. */
  Optional<String> requestId() {
    return Stream.of(
            text(detailWith("requestId"), "requestId"),
            headers.getFirstHeaderStringValue("x-goog-request-id"),
            headers.getFirstHeaderStringValue("x-request-id"))
        .flatMap(Stream::ofNullable)
        .findFirst();
  }

  /** Converts a delay; limits it to more than any total timeout, so that sums do not overflow. */
  static Duration limited(long seconds, int nanos) {
    return Duration.ofSeconds(Longs.constrainToRange(seconds, -FOREVER, FOREVER), nanos);
  }

  /** Returns the delay in {@code RetryInfo} or in a header, whichever is longer; zero for none. */
  Duration retryDelay() {
    String info = Strings.nullToEmpty(text(detailWith("retryDelay"), "retryDelay"));
    Matcher delay = SECONDS.matcher(info);
    return Comparators.max(
        delay.matches()
            ? seconds(delay.group(1), Strings.nullToEmpty(delay.group(2)))
            : Duration.ZERO,
        retryAfter());
  }

  /** Parses digits and a fraction such as {@code .5}; limits them as {@link #limited} does. */
  private static Duration seconds(String digits, String fraction) {
    Long seconds = Longs.tryParse(digits); // null if there are too many digits
    int nanos = Duration.parse("PT0" + fraction + "S").toNanosPart();
    return limited(seconds == null ? FOREVER : seconds, nanos);
  }

  /**
   * Reads the header, in seconds or as a date. A date counts from the service's own clock, in case
   * this machine's is wrong.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3">RFC 9110, Retry-After</a>
   */
  private Duration retryAfter() {
    String header = Strings.nullToEmpty(headers.getRetryAfter()).strip();
    if (header.matches("[0-9]+")) {
      return seconds(header, "");
    }
    Instant until = date(header);
    Instant sent = date(headers.getDate());
    return until == null || sent == null ? Duration.ZERO : Duration.between(sent, until);
  }

  /** Returns the date in {@code Retry-After} if the response has no date itself, or null. */
  @Nullable Instant retryAt() {
    return date(headers.getDate()) == null ? date(headers.getRetryAfter()) : null;
  }

  /** Returns the time of the response, if it rejects the times in a JWT. */
  @Nullable Instant serverTime() {
    String message = Strings.nullToEmpty(serviceMessage()).toLowerCase(Locale.ROOT);
    boolean aboutTime = "invalid_grant".equals(reason()) && ABOUT_TIME.matcher(message).find();
    return aboutTime ? date(headers.getDate()) : null;
  }

  /**
   * Parses a date such as {@code Tue, 01 Jan 2030 00:00:00 GMT}; null for other texts.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7">RFC 9110, Date/Time
   *     Formats</a>
   */
  private static @Nullable Instant date(@Nullable String header) {
    String text = Strings.nullToEmpty(header).strip();
    try {
      return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Finds {@code ErrorInfo}, {@code RequestInfo} or {@code RetryInfo} by one of its fields. */
  private JsonObject detailWith(String field) {
    if (error != null && error.get("details") instanceof JsonArray details) {
      for (JsonElement detail : details) {
        if (detail instanceof JsonObject object && object.has(field)) {
          return object;
        }
      }
    }
    return new JsonObject();
  }

  /** Returns a field; null if it is missing, blank or no text. */
  private static @Nullable String text(JsonObject object, String name) {
    return object.get(name) instanceof JsonPrimitive value && !value.getAsString().isBlank()
        ? value.getAsString()
        : null;
  }
}
