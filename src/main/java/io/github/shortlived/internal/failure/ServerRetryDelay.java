package io.github.shortlived.internal.failure;

import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.rpc.ApiException;
import com.google.common.base.Strings;
import com.google.rpc.RetryInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long a service asked to be left alone: {@code RetryInfo} among the details of its error, over
 * either transport, or the HTTP header {@code Retry-After}, in seconds or as a date.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3">RFC 9110, Retry-After</a>
 */
public final class ServerRetryDelay {
  private static final long FOREVER = 1_000_000_000; // seconds: more than any total timeout

  private ServerRetryDelay() {}

  /**
   * The longest pause that this failure asks for, zero if none.
   *
   * @param now what a date counts from if the answer itself has none
   */
  public static Duration of(Throwable failure, Instant now) {
    Duration inDetails =
        ServiceFailure.inChain(failure, ApiException.class)
            .map(ServerRetryDelay::retryInfo)
            .orElse(Duration.ZERO);
    Duration overHttp =
        ServiceFailure.inChain(failure, HttpResponseException.class)
            .map(answer -> ofHttp(answer, now))
            .orElse(Duration.ZERO);
    return longer(longer(inDetails, overHttp), Duration.ZERO);
  }

  private static Duration retryInfo(ApiException e) {
    @Nullable RetryInfo info =
        e.getErrorDetails() == null ? null : e.getErrorDetails().getRetryInfo();
    return info == null
        ? Duration.ZERO
        : Duration.ofSeconds(info.getRetryDelay().getSeconds(), info.getRetryDelay().getNanos());
  }

  private static Duration ofHttp(HttpResponseException answer, Instant now) {
    Duration inBody =
        Optional.ofNullable(HttpErrorBody.parse(answer.getContent()).retryDelay())
            .orElse(Duration.ZERO);
    return longer(inBody, retryAfter(answer.getHeaders(), now));
  }

  private static Duration retryAfter(HttpHeaders headers, Instant now) {
    String value = Strings.nullToEmpty(headers.getRetryAfter()).strip();
    if (value.matches("[0-9]+")) {
      return Duration.ofSeconds(value.length() > 9 ? FOREVER : Long.parseLong(value));
    }
    // By the service's own clock, so that a wrong one here does no harm.
    Instant sent = HttpDate.parse(headers.getDate()).orElse(now);
    return HttpDate.parse(value).map(until -> Duration.between(sent, until)).orElse(Duration.ZERO);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
