package io.github.shortlived.testing.internal.token;

import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.OAuthScopes;
import java.util.List;
import java.util.Set;

/** Which service accounts may speak for which users, as administrators of domains allow it. */
public record DomainWideDelegations(List<Delegation> all) {
  public DomainWideDelegations {
    all = List.copyOf(all);
  }

  /** An account may speak for everyone of a domain, or for one user alone. */
  public record Delegation(String accountEmail, String userOrDomain, Set<String> scopes) {
    public Delegation {
      scopes = Set.copyOf(scopes);
    }

    public static Delegation of(String accountEmail, String userOrDomain, List<String> scopes) {
      if (!OAuthScopes.areValid(scopes)) {
        throw new IllegalArgumentException(
            scopes + " delegates nothing: give scopes such as " + OAuthScopes.CLOUD_PLATFORM);
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
  public boolean allow(Account account, String user, List<String> scopes) {
    return scopes.stream()
        .allMatch(
            scope ->
                all.stream()
                    .anyMatch(one -> one.isOf(account, user) && one.scopes().contains(scope)));
  }
}
