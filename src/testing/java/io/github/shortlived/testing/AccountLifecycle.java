package io.github.shortlived.testing;

import com.google.iam.admin.v1.DeleteServiceAccountRequest;
import com.google.iam.admin.v1.DisableServiceAccountRequest;
import com.google.iam.admin.v1.EnableServiceAccountRequest;
import com.google.iam.admin.v1.UndeleteServiceAccountRequest;
import com.google.iam.admin.v1.UndeleteServiceAccountResponse;
import com.google.protobuf.Empty;
import com.google.rpc.Code;

/** Disables, enables, deletes and undeletes service accounts. Safe for concurrent use. */
final class AccountLifecycle {
  private static final String UNDELETE = "iam.serviceAccounts.undelete";

  private final World world;
  private final AccountNames names;

  AccountLifecycle(World world) {
    this.world = world;
    this.names = new AccountNames(world.accounts());
  }

  /** Tokens are refused while the account is disabled, and good again once it is enabled. */
  Empty disable(Caller caller, DisableServiceAccountRequest request) {
    return switched(caller, request.getName(), true, "iam.serviceAccounts.disable");
  }

  Empty enable(Caller caller, EnableServiceAccountRequest request) {
    return switched(caller, request.getName(), false, "iam.serviceAccounts.enable");
  }

  synchronized Empty delete(Caller caller, DeleteServiceAccountRequest request) {
    Account account = permitted(caller, request.getName(), "iam.serviceAccounts.delete");
    world.accounts().delete(account, world.clock().instant());
    world.policies().rename(account.principal().member(), Members.deleted(account));
    world.policies().move(account.resource().name(), DeletedAccount.policyName(account));
    world.mint().revoke(account.principal());
    return Empty.getDefaultInstance();
  }

  /**
   * Keys, policy and bindings are back; access tokens of before are not (what Google does with them
   * is unverified).
   */
  synchronized UndeleteServiceAccountResponse undelete(
      Caller caller, UndeleteServiceAccountRequest request) {
    Account account = deleted(request.getName());
    Resource project = Resource.project(account.projectId());
    world.access().require(caller.principal(), UNDELETE, project);
    if (!world.accounts().restore(account)) {
      throw Refusals.accountExists(account.id().accountId(), account.projectId());
    }
    world.policies().rename(Members.deleted(account), account.principal().member());
    world.policies().move(DeletedAccount.policyName(account), account.resource().name());
    return UndeleteServiceAccountResponse.newBuilder()
        .setRestoredAccount(AccountView.of(account))
        .build();
  }

  private Empty switched(Caller caller, String name, boolean disabled, String permission) {
    Account account = permitted(caller, name, permission);
    world.accounts().update(account, now -> now.withDisabled(disabled));
    return Empty.getDefaultInstance();
  }

  private Account permitted(Caller caller, String name, String permission) {
    Account account = names.account(name, permission);
    world.access().require(caller.principal(), permission, account.resource());
    return account;
  }

  private Account deleted(String name) {
    if (names.find(name).isPresent()) {
      throw new RpcException( // unverified
          Code.FAILED_PRECONDITION, "Service account " + name + " is not deleted.");
    }
    return names
        .findDeleted(name)
        .filter(account -> account.isKeptAt(world.clock().instant()))
        .map(DeletedAccount::account)
        .orElseThrow(() -> AccountNames.unknown(name, UNDELETE));
  }
}
