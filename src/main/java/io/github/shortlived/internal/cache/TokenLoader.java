package io.github.shortlived.internal.cache;

import io.github.shortlived.model.BearerToken;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.TokenRequest;

/** Loads the tokens of a cache. Thread-safe. */
public interface TokenLoader {
  /**
   * Requests a token from Google. Blocks.
   *
   * @param refresh whether this is a background refresh of a usable token
   * @return a token that has not expired
   */
  <T extends BearerToken> T load(TokenRequest<T> request, boolean refresh);

  /** Handles a load that the executor rejected. */
  default void onRejected(TokenRequest<?> request, boolean refresh, CredentialException failure) {}
}
