package io.github.shortlived.internal.cache;

import io.github.shortlived.model.BearerToken;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.TokenRequest;

/** Loads the tokens of a cache. Thread-safe. */
public interface TokenLoader {
  /**
   * Requests a token from Google. Blocks.
   *
   * @param refresh whether this refreshes a token that is still usable, while no caller waits
   * @return a token that has not expired
   */
  <T extends BearerToken> T load(TokenRequest<T> request, boolean refresh);

  /** Handles a load that never began, because the executor rejected it. */
  default void onRejected(TokenRequest<?> request, boolean refresh, CredentialException failure) {}
}
