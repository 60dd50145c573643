package io.github.shortlived.internal.failure;

import com.google.common.base.Strings;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Dates in HTTP headers, such as {@code Tue, 01 Jan 2030 00:00:00 GMT}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7">RFC 9110, Date/Time
 *     Formats</a>
 */
final class HttpDate {
  private HttpDate() {}

  /** The date, or empty if this is none in the form that senders must use. */
  static Optional<Instant> parse(@Nullable String value) {
    try {
      return Optional.of(
          Instant.from(
              DateTimeFormatter.RFC_1123_DATE_TIME.parse(Strings.nullToEmpty(value).strip())));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
