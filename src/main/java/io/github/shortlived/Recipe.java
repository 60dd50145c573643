package io.github.shortlived;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How to come by the token of one request.
 *
 * @param request what is asked for
 * @param mint asks; blocks
 * @param expiry tells when a token expires
 * @param longest the longest such a token lives
 */
record Recipe<T extends ShortLivedCredential>(
    CredentialRequest<T> request, Supplier<T> mint, Function<T, Instant> expiry, Duration longest) {

  /** By a clock that is slow a token would seem to live longer than any does. */
  long end(T token, Instant arrival) {
    Instant expires = expiry.apply(token);
    Instant latest = arrival.plus(longest);
    return (expires.isBefore(latest) ? expires : latest).toEpochMilli();
  }
}
