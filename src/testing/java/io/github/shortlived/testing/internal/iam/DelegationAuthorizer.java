package io.github.shortlived.testing.internal.iam;

import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.Principal;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.world.World;
import java.util.List;
import java.util.regex.Matcher;

/**
 * Authorizes requests with delegates: the caller and each delegate need {@code implicitDelegation}
 * on the next delegate, and the last of them the permission on the target.
 */
final class DelegationAuthorizer {
  private static final String PERMISSIONS = "iam.serviceAccounts.";
  private static final String IMPLICIT_DELEGATION = PERMISSIONS + "implicitDelegation";

  private DelegationAuthorizer() {}

  /**
   * Returns the target account, if the caller has the permission {@code iam.serviceAccounts.VERB}
   * through the delegates.
   */
  static Account authorize(
      World world, Caller caller, List<String> delegates, String target, String verb) {
    List<Account> hops = delegates.stream().map(hop -> delegate(world, hop)).toList();
    Account account = named(world, target);
    Principal actor = caller.principal();
    for (Account hop : hops) {
      // The permission in the details is Google's, the text for a delegate is unverified.
      world.access().require(actor, IMPLICIT_DELEGATION, hop.resource());
      requireEnabled(hop);
      actor = hop.principal();
    }
    world.access().require(actor, PERMISSIONS + verb, account.resource());
    requireEnabled(account);
    return account;
  }

  private static void requireEnabled(Account account) {
    if (account.disabled()) {
      throw GoogleErrors.accountDisabled(account.email());
    }
  }

  /** Finds a delegate, which clients send as a resource name, an email or a unique id. */
  private static Account delegate(World world, String delegate) {
    return delegate.indexOf('/') < 0 ? existing(world, delegate) : named(world, delegate);
  }

  private static Account named(World world, String name) {
    Matcher matcher = ResourceNames.account(name);
    if (!matcher.group(1).equals("-")) {
      // The rule is documented, the text is not Google's.
      throw GoogleErrors.invalid("The project of \"" + name + "\" must be the wildcard \"-\".");
    }
    return existing(world, matcher.group(2));
  }

  private static Account existing(World world, String emailOrUniqueId) {
    if (emailOrUniqueId.isBlank()) {
      throw GoogleErrors.invalidArgument();
    }
    return world
        .accounts()
        .find(emailOrUniqueId)
        .orElseThrow(() -> GoogleErrors.gaiaNotFound(emailOrUniqueId));
  }
}
