package io.github.shortlived.testing.internal.token;

import io.github.shortlived.testing.internal.account.Caller;
import java.time.Instant;
import java.util.Optional;

/**
 * An access token that a world issued and stores.
 *
 * @param sessionKey the key of an intermediary token, from which clients derive bounded tokens
 */
public record IssuedToken(
    String value,
    Caller caller,
    Instant issuedAt,
    Instant expiry,
    Optional<SessionKey> sessionKey) {

  @Override
  public String toString() {
    return "IssuedToken[" + caller.principal().member() + " until " + expiry + "]";
  }
}
