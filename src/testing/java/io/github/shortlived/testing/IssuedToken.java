package io.github.shortlived.testing;

import java.time.Instant;

/** An access token the world remembers. */
record IssuedToken(String value, Caller caller, Instant expiry) {
  @Override
  public String toString() {
    return "IssuedToken[" + caller.principal().member() + " until " + expiry + "]";
  }
}
