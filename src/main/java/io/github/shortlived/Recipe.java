package io.github.shortlived;

import java.time.Instant;
import java.util.function.Supplier;

/**
 * How to come by the token of one request.
 *
 * @param request what is asked for
 * @param mint asks; blocks
 */
record Recipe<T extends BearerToken>(TokenRequest<T> request, Supplier<T> mint) {

  /** By a clock that is slow a token would seem to live longer than any does. */
  long end(T token, Instant arrival) {
    Instant expires = token.expireTime();
    Instant latest = arrival.plus(request.lifetime());
    return (expires.isBefore(latest) ? expires : latest).toEpochMilli();
  }
}
