package io.github.shortlived.testing;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Walks a request's delegates: each link must let the next one through, and the last must hold the
 * permission on the target.
 */
final class DelegationChains {
  private static final String IMPLICIT_DELEGATION = "iam.serviceAccounts.implicitDelegation";
  private static final Pattern NAME = Pattern.compile("projects/([^/]+)/serviceAccounts/([^/]+)");

  private final Accounts accounts;
  private final Access access;

  DelegationChains(Accounts accounts, Access access) {
    this.accounts = accounts;
    this.access = access;
  }

  /** The target account, if the caller may do this to it. */
  Account authorize(Caller caller, List<String> delegates, String target, String permission) {
    List<Account> hops = delegates.stream().map(this::delegate).toList();
    Account account = named(target);
    Principal actor = caller.principal();
    for (Account hop : hops) {
      // Google's text for a broken link is unverified; the permission in the details is what
      // counts.
      access.require(actor, IMPLICIT_DELEGATION, hop.resource());
      requireEnabled(hop);
      actor = hop.principal();
    }
    access.require(actor, permission, account.resource());
    requireEnabled(account);
    return account;
  }

  private static void requireEnabled(Account account) {
    if (account.disabled()) {
      throw Refusals.accountDisabled(account.email());
    }
  }

  /** Clients send delegates as resource names, as bare emails and as unique ids. */
  private Account delegate(String delegate) {
    return delegate.indexOf('/') < 0 ? existing(delegate) : named(delegate);
  }

  private Account named(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      throw Refusals.invalidArgument();
    }
    if (!matcher.group(1).equals("-")) {
      // The rule is documented, the text is ours.
      throw Refusals.invalid("The project of \"" + name + "\" must be the wildcard \"-\".");
    }
    return existing(matcher.group(2));
  }

  private Account existing(String emailOrUniqueId) {
    return Optional.of(emailOrUniqueId)
        .filter(id -> !id.isBlank())
        .map(id -> accounts.find(id).orElseThrow(() -> Refusals.gaiaNotFound(id)))
        .orElseThrow(Refusals::invalidArgument);
  }
}
