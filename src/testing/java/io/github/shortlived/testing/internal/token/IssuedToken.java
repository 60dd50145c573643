package io.github.shortlived.testing.internal.token;

import io.github.shortlived.testing.internal.account.Caller;
import java.time.Instant;

/** An access token that a world issued and stores. */
public record IssuedToken(String value, Caller caller, Instant expiry) {
  @Override
  public String toString() {
    return "IssuedToken[" + caller.principal().member() + " until " + expiry + "]";
  }
}
