package io.github.shortlived.testing.internal.iam;

import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.Resource;
import io.github.shortlived.testing.internal.world.World;
import java.util.Optional;
import java.util.Set;

/** Service accounts as resources with a policy. */
final class AccountPolicies implements PolicyResources {
  @Override
  public Optional<Resource> find(World world, String name) {
    return ResourceNames.find(world, name).filter(world.accounts()::isKnown).map(Account::resource);
  }

  @Override
  public Resource permitted(
      World world, Caller caller, String name, String verb, Set<String> modifiedRoles) {
    String permission = "iam.serviceAccounts." + verb;
    Account account = ResourceNames.permitted(world, caller, name, permission, modifiedRoles);
    if (!world.accounts().isKnown(account)) {
      throw ResourceNames.unknown(name, permission);
    }
    return account.resource();
  }
}
