package io.github.shortlived.internal.cache;

import io.github.shortlived.model.BearerToken;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.TokenRequest;
import java.time.Instant;

/** Loads the tokens of a cache. Thread-safe. */
public interface TokenLoader {
  /**
   * Requests a token from Google. Blocks.
   *
   * @param refresh whether this refreshes a token that is still usable, while no caller waits
   * @return a token that has not expired
   */
  <T extends BearerToken> T load(TokenRequest<T> request, boolean refresh);

  /**
   * Returns the token that has just arrived.
   *
   * @throws CredentialException if it has expired
   */
  static <T extends BearerToken> T requireNotExpired(
      T token, TokenRequest<?> request, Instant now) {
    if (token.expireTime().toEpochMilli() <= now.toEpochMilli()) { // As RefreshSchedule compares.
      throw InternalExceptions.expiredOnArrival(
          "The token for %s was already expired on arrival (expiry %s, local clock %s). Check this machine's clock."
              .formatted(request, token.expireTime(), now));
    }
    return token;
  }

  /** Handles a load that never began, because the executor rejected it. */
  default void onRejected(TokenRequest<?> request, boolean refresh, CredentialException failure) {}
}
