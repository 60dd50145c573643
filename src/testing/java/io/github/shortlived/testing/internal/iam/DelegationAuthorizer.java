package io.github.shortlived.testing.internal.iam;

import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.AccountName;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.Principal;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.world.World;
import java.util.List;

/**
 * Authorizes requests with delegates: the caller and each delegate need {@code implicitDelegation}
 * on the next delegate, and the last delegate needs the permission on the target.
 */
final class DelegationAuthorizer {
  private static final String IMPLICIT_DELEGATION = "iam.serviceAccounts.implicitDelegation";

  private DelegationAuthorizer() {}

  /** Returns the target account, if the caller has the permission on it through the delegates. */
  static Account authorize(
      World world, Caller caller, List<String> delegates, String target, String permission) {
    List<Account> accounts = delegates.stream().map(name -> findDelegate(world, name)).toList();
    Account account = findByResourceName(world, target);
    Principal actor = caller.principal();
    for (Account delegate : accounts) {
      // Google reports this permission in the error details. The message for a delegate is
      // unverified.
      world.permissions().require(actor, IMPLICIT_DELEGATION, delegate.resource());
      requireEnabled(delegate);
      actor = delegate.principal();
    }
    world.permissions().require(actor, permission, account.resource());
    requireEnabled(account);
    return account;
  }

  private static void requireEnabled(Account account) {
    if (account.disabled()) {
      throw GoogleErrors.accountDisabled(account.email());
    }
  }

  /** Finds a delegate, which clients send as a resource name, an email or a unique id. */
  private static Account findDelegate(World world, String delegate) {
    return delegate.indexOf('/') < 0
        ? findByEmailOrId(world, delegate)
        : findByResourceName(world, delegate);
  }

  private static Account findByResourceName(World world, String name) {
    AccountName parts = ResourceNames.account(name);
    if (!parts.isOfAnyProject()) {
      // The rule is documented; the text is unverified.
      throw GoogleErrors.invalid("The project of \"" + name + "\" must be the wildcard \"-\".");
    }
    return findByEmailOrId(world, parts.account());
  }

  private static Account findByEmailOrId(World world, String emailOrUniqueId) {
    ResourceNames.requireEmailOrUniqueId(emailOrUniqueId);
    return world
        .accounts()
        .findKnown(emailOrUniqueId)
        .orElseThrow(() -> GoogleErrors.gaiaNotFound(emailOrUniqueId));
  }
}
