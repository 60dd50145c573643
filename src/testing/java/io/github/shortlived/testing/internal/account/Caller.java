package io.github.shortlived.testing.internal.account;

import java.util.Optional;
import java.util.Set;

/**
 * The principal that a bearer token authenticates, and the OAuth scopes of the token.
 *
 * @param delegatedTo the unique id of the service account that calls as a user, by domain-wide
 *     delegation
 */
public record Caller(Principal principal, Set<String> scopes, Optional<String> delegatedTo) {
  public Caller {
    scopes = Set.copyOf(scopes);
  }

  public Caller(Principal principal, Set<String> scopes) {
    this(principal, scopes, Optional.empty());
  }

  /** Returns the same caller within a credential access boundary. */
  public Caller bounded() {
    return new Caller(principal.bounded(), scopes, delegatedTo);
  }
}
