package io.github.shortlived.internal.failure;

import com.google.api.client.http.HttpHeaders;
import com.google.common.base.Strings;
import com.google.common.collect.Comparators;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long a service requests to wait before the next attempt: {@code RetryInfo} in the details of
 * its error, or the HTTP header {@code Retry-After}, in seconds or as a date. The longer one
 * counts.
 *
 * @param delay the delay; zero for none
 * @param until the date in {@code Retry-After}, if the response has no date itself; null for none
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3">RFC 9110, Retry-After</a>
 */
public record ServerRetryDelay(Duration delay, @Nullable Instant until) {
  static final ServerRetryDelay NONE = new ServerRetryDelay(Duration.ZERO, null);

  static final long FOREVER = 1_000_000_000; // seconds: more than any total timeout

  /** Reads the header; the delay in the details of the error was read before. */
  static ServerRetryDelay of(Duration inDetails, HttpHeaders headers) {
    String header = Strings.nullToEmpty(headers.getRetryAfter()).strip();
    if (header.matches("[0-9]+")) {
      long seconds = header.length() > 9 ? FOREVER : Long.parseLong(header);
      return of(inDetails, Duration.ofSeconds(seconds));
    }
    Instant until = date(header).orElse(null);
    // A date counts from the service's own clock, in case this machine's is wrong.
    Instant sent = date(headers.getDate()).orElse(null);
    return until == null || sent == null
        ? new ServerRetryDelay(of(inDetails, Duration.ZERO).delay, until)
        : of(inDetails, Duration.between(sent, until));
  }

  private static ServerRetryDelay of(Duration inDetails, Duration inHeader) {
    Duration longer = Comparators.max(inDetails, inHeader);
    return new ServerRetryDelay(Comparators.max(longer, Duration.ZERO), null);
  }

  /** Returns the delay that begins now; zero for none. */
  public Duration from(Instant now) {
    return until == null ? delay : Comparators.max(delay, Duration.between(now, until));
  }

  /**
   * Parses a date such as {@code Tue, 01 Jan 2030 00:00:00 GMT}; empty for other texts.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7">RFC 9110, Date/Time
   *     Formats</a>
   */
  static Optional<Instant> date(@Nullable String header) {
    String text = Strings.nullToEmpty(header).strip();
    try {
      return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
