package io.github.shortlived.internal.cache;

import io.github.shortlived.model.BearerToken;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.TokenRequest;
import java.time.Instant;

/**
 * How to come by the token of one request.
 *
 * @param request what is asked for
 * @param mint asks; blocks
 */
public record Recipe<T extends BearerToken>(TokenRequest<T> request, Mint<T> mint) {

  /** By a clock that is slow a token would seem to live longer than any does. */
  long cappedExpiry(T token, Instant arrival) {
    Instant expires = token.expireTime();
    Instant latest = arrival.plus(request.lifetime());
    return (expires.isBefore(latest) ? expires : latest).toEpochMilli();
  }

  /**
   * The token that has just come.
   *
   * @throws CredentialException if it had ended before
   */
  public static <T extends BearerToken> T requireNotExpired(
      T token, TokenRequest<?> request, Instant arrival) {
    if (token.expireTime().toEpochMilli() <= arrival.toEpochMilli()) { // As Freshness counts.
      throw InternalExceptions.expiredOnArrival(
          "The token of %s had expired when it came: it ended at %s, and this machine's clock says %s. Compare that with Google's."
              .formatted(request, token.expireTime(), arrival));
    }
    return token;
  }

  /** What asks the service, and tells what comes of it. */
  public interface Mint<T> {
    /**
     * Asks for another token, which is usable when it comes.
     *
     * @param ahead whether there is a usable one, and nobody waits
     */
    T mint(boolean ahead);

    /** Hears why nobody could be set to ask. */
    default void rejected(boolean ahead, CredentialException failure) {}
  }
}
