package io.github.shortlived.testing.internal.iam;

import com.google.iam.admin.v1.DeleteServiceAccountRequest;
import com.google.iam.admin.v1.DisableServiceAccountRequest;
import com.google.iam.admin.v1.EnableServiceAccountRequest;
import com.google.iam.admin.v1.UndeleteServiceAccountRequest;
import com.google.iam.admin.v1.UndeleteServiceAccountResponse;
import com.google.protobuf.Empty;
import com.google.rpc.Code;
import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.DeletedAccount;
import io.github.shortlived.testing.internal.account.Resource;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import io.github.shortlived.testing.internal.world.World;

/** Disables, enables, deletes and undeletes service accounts. Safe for concurrent use. */
final class AccountLifecycleHandlers {
  private static final String UNDELETE = "iam.serviceAccounts.undelete";

  /** Disables the account; its tokens are refused until it is enabled again. */
  Empty disable(World world, Caller caller, DisableServiceAccountRequest request) {
    return setDisabled(world, caller, request.getName(), true, "iam.serviceAccounts.disable");
  }

  Empty enable(World world, Caller caller, EnableServiceAccountRequest request) {
    return setDisabled(world, caller, request.getName(), false, "iam.serviceAccounts.enable");
  }

  synchronized Empty delete(World world, Caller caller, DeleteServiceAccountRequest request) {
    Account account =
        ResourceNames.permitted(world, caller, request.getName(), "iam.serviceAccounts.delete");
    world.accounts().delete(account, world.clock().instant());
    world.policies().rename(account.principal().member(), DeletedAccount.member(account));
    world.policies().move(account.resource().name(), DeletedAccount.policyName(account));
    world.tokens().revoke(account.principal());
    return Empty.getDefaultInstance();
  }

  /**
   * Restores the account with its keys, policy and bindings, but without its access tokens (what
   * Google does with these is unverified).
   */
  synchronized UndeleteServiceAccountResponse undelete(
      World world, Caller caller, UndeleteServiceAccountRequest request) {
    Account account = deleted(world, request.getName());
    Resource project = Resource.project(account.projectId());
    world.permissions().require(caller.principal(), UNDELETE, project);
    if (!world.accounts().restore(account)) {
      throw GoogleErrors.accountExists(account.id().accountId(), account.projectId());
    }
    world.policies().rename(DeletedAccount.member(account), account.principal().member());
    world.policies().move(DeletedAccount.policyName(account), account.resource().name());
    return UndeleteServiceAccountResponse.newBuilder()
        .setRestoredAccount(AccountProtos.of(account))
        .build();
  }

  private static Empty setDisabled(
      World world, Caller caller, String name, boolean disabled, String permission) {
    Account account = ResourceNames.permitted(world, caller, name, permission);
    world.accounts().update(account, now -> now.withDisabled(disabled));
    return Empty.getDefaultInstance();
  }

  private static Account deleted(World world, String name) {
    if (ResourceNames.find(world, name).isPresent()) {
      throw new RpcException( // unverified
          Code.FAILED_PRECONDITION, "Service account " + name + " is not deleted.");
    }
    return ResourceNames.findDeleted(world, name)
        .filter(account -> account.isRestorableAt(world.clock().instant()))
        .map(DeletedAccount::account)
        .orElseThrow(() -> ResourceNames.unknown(name, UNDELETE));
  }
}
