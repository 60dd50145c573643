package io.github.shortlived.testing.internal.account;

import java.util.Set;

/** Who asks, as proven by the bearer token, and the OAuth scopes that token holds. */
public record Caller(Principal principal, Set<String> scopes) {
  public Caller {
    scopes = Set.copyOf(scopes);
  }

  /** The same within a credential access boundary. */
  public Caller bounded() {
    return new Caller(principal.bounded(), scopes);
  }
}
