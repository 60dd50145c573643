package io.github.shortlived.testing;

import java.util.Set;

/** Who asks, as proven by the bearer token, and the OAuth scopes that token holds. */
record Caller(Principal principal, Set<String> scopes) {
  Caller {
    scopes = Set.copyOf(scopes);
  }

  /** The same within a credential access boundary. */
  Caller bounded() {
    return new Caller(principal.bounded(), scopes);
  }
}
