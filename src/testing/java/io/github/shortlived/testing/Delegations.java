package io.github.shortlived.testing;

import java.util.List;
import java.util.Set;

/** Which service accounts may speak for which users, as administrators of domains allow it. */
record Delegations(List<Delegation> all) {
  Delegations {
    all = List.copyOf(all);
  }

  /** An account may speak for everyone of a domain, or for one user alone. */
  record Delegation(String accountEmail, String userOrDomain, Set<String> scopes) {
    Delegation {
      scopes = Set.copyOf(scopes);
    }

    static Delegation of(String accountEmail, String userOrDomain, List<String> scopes) {
      if (!Scopes.areValid(scopes)) {
        throw new IllegalArgumentException(
            scopes + " delegates nothing: give scopes such as " + Scopes.CLOUD_PLATFORM);
      }
      if (userOrDomain.isBlank()) {
        throw new IllegalArgumentException(
            "\"" + userOrDomain + "\" names nobody: give a user's email address or a domain");
      }
      return new Delegation(accountEmail, userOrDomain, Set.copyOf(scopes));
    }

    private boolean isOf(Account account, String user) {
      boolean covers = user.equals(userOrDomain) || user.endsWith("@" + userOrDomain);
      return covers && accountEmail.equals(account.email());
    }
  }

  /** Every scope has to be delegated: Google grants all of them or none. */
  boolean allow(Account account, String user, List<String> scopes) {
    return scopes.stream()
        .allMatch(
            scope ->
                all.stream()
                    .anyMatch(one -> one.isOf(account, user) && one.scopes().contains(scope)));
  }
}
