package io.github.shortlived;

import java.time.Instant;

/**
 * How to come by the token of one request.
 *
 * @param request what is asked for
 * @param mint asks; blocks
 */
record Recipe<T extends BearerToken>(TokenRequest<T> request, Mint<T> mint) {

  /** By a clock that is slow a token would seem to live longer than any does. */
  long end(T token, Instant arrival) {
    Instant expires = token.expireTime();
    Instant latest = arrival.plus(request.lifetime());
    return (expires.isBefore(latest) ? expires : latest).toEpochMilli();
  }

  /** What asks the service. */
  interface Mint<T> {
    /**
     * Asks for another token.
     *
     * @param ahead whether there is a usable one, and nobody waits
     */
    T mint(boolean ahead);

    /** Hears why the asking ahead came to nothing, wherever it failed. */
    default void failedAhead(CredentialException failure) {}
  }
}
