package io.github.shortlived.testing.internal.account;

import java.util.Set;

/** The principal that a bearer token authenticates, and the OAuth scopes of the token. */
public record Caller(Principal principal, Set<String> scopes) {
  public Caller {
    scopes = Set.copyOf(scopes);
  }

  /** Returns the same caller within a credential access boundary. */
  public Caller bounded() {
    return new Caller(principal.bounded(), scopes);
  }
}
