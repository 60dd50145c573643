package io.github.shortlived.testing.internal.token;

import com.google.common.base.Ascii;
import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.OAuthScopes;
import java.util.List;

/** The users whom service accounts may impersonate, by domain-wide delegation. */
public record DomainWideDelegations(List<Delegation> all) {
  public DomainWideDelegations {
    all = List.copyOf(all);
  }

  /** The delegation of scopes for one user, or for all users of a domain, to an account. */
  public record Delegation(String accountEmail, String userOrDomain, List<String> scopes) {
    public Delegation {
      scopes = List.copyOf(scopes);
      requireScopes(scopes);
      requireUserOrDomain(userOrDomain);
    }

    public static void requireScopes(List<String> scopes) {
      if (scopes.isEmpty()) {
        throw new IllegalArgumentException(
            "Invalid scopes []: pass one or more, such as " + OAuthScopes.CLOUD_PLATFORM);
      }
    }

    public static void requireUserOrDomain(String userOrDomain) {
      if (userOrDomain.isBlank()) {
        throw new IllegalArgumentException(
            "userOrDomain is blank: pass an email address or a domain");
      }
    }

    private boolean isOf(Account account, String user) {
      String folded = Ascii.toLowerCase(user);
      String allowed = Ascii.toLowerCase(userOrDomain);
      boolean covers = folded.equals(allowed) || folded.endsWith("@" + allowed);
      return covers && accountEmail.equals(account.email());
    }
  }

  /** Refuses scopes that Google's APIs do not have. */
  public DomainWideDelegations requireScopes(KnownScopes known) {
    all.stream().flatMap(one -> one.scopes().stream()).forEach(known::require);
    return this;
  }

  /** Returns whether all scopes are delegated: Google grants all of them or none. */
  public boolean allow(Account account, String user, List<String> scopes) {
    return scopes.stream()
        .allMatch(
            scope ->
                all.stream()
                    .anyMatch(one -> one.isOf(account, user) && one.scopes().contains(scope)));
  }
}
