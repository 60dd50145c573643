package io.github.shortlived.samples;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.account.NewServiceAccount;
import io.github.shortlived.account.ServiceAccountInfo;
import io.github.shortlived.account.ServiceAccounts;
import io.github.shortlived.model.ServiceAccount;

/** Creates a service account, waits until it is usable, lists all accounts, and deletes it. */
public final class CreateServiceAccountSample {
  private CreateServiceAccountSample() {}

  /** Argument: the project's id. The Application Default Credentials create the account. */
  public static void main(String[] args) {
    if (args.length != 1) {
      System.err.println("Usage: CreateServiceAccountSample PROJECT");
      return;
    }
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create();
        ServiceAccounts accounts = ServiceAccounts.using(credentials)) {
      run(accounts, args[0]);
    }
  }

  static void run(ServiceAccounts accounts, String project) {
    // [START create_service_account]
    ServiceAccountInfo created =
        accounts.create(
            NewServiceAccount.of(project, "my-deployer").withDisplayName("Deploys the shop"));
    accounts.awaitUsable(created.account()); // blocks for up to 5 minutes

    accounts.list(project).forEach(System.out::println); // EMAIL (UNIQUE_ID, "DISPLAY NAME")
    accounts.delete(created.account());

    // Within 30 days, the unique ID brings it back, with its grants.
    accounts.undelete(ServiceAccount.of(created.uniqueId()));
    // [END create_service_account]
  }
}
