package io.github.shortlived.testing;

import com.google.iam.admin.v1.CreateServiceAccountRequest;
import com.google.iam.admin.v1.GetServiceAccountRequest;
import com.google.iam.admin.v1.ListServiceAccountsRequest;
import com.google.iam.admin.v1.ListServiceAccountsResponse;
import com.google.iam.admin.v1.ServiceAccount;
import com.google.protobuf.ByteString;
import java.util.regex.Pattern;

/** Creates, shows and lists service accounts. */
final class ServiceAccountHandlers {
  // Google asks for 6 characters at least; ours may be as short as the sa-1 of a demonstration.
  private static final Pattern ACCOUNT_ID = Pattern.compile("[a-z](?:[-a-z0-9]{0,28}[a-z0-9])?");
  private static final int DEFAULT_PAGE = 20;
  private static final int LARGEST_PAGE = 100;

  private final Accounts accounts;
  private final AccountNames names;
  private final Access access;

  ServiceAccountHandlers(World world) {
    this.accounts = world.accounts();
    this.names = new AccountNames(world.accounts());
    this.access = world.access();
  }

  ServiceAccount create(Caller caller, CreateServiceAccountRequest request) {
    String projectId = AccountNames.projectId(request.getName());
    String accountId = request.getAccountId();
    if (!ACCOUNT_ID.matcher(accountId).matches()) {
      throw Refusals.invalid("Invalid service account ID \"" + accountId + "\"."); // unverified
    }
    access.require(caller.principal(), "iam.serviceAccounts.create", Resource.project(projectId));
    ServiceAccount wanted = request.getServiceAccount();
    return accounts
        .create(
            new AccountEmail(accountId, projectId),
            wanted.getDisplayName(),
            wanted.getDescription())
        .map(ServiceAccountHandlers::shown)
        .orElseThrow(() -> Refusals.accountExists(accountId, projectId));
  }

  ServiceAccount get(Caller caller, GetServiceAccountRequest request) {
    Account account = names.account(request.getName());
    access.require(caller.principal(), "iam.serviceAccounts.get", account.resource());
    return shown(account);
  }

  ListServiceAccountsResponse list(Caller caller, ListServiceAccountsRequest request) {
    String projectId = AccountNames.projectId(request.getName());
    access.require(caller.principal(), "iam.serviceAccounts.list", Resource.project(projectId));
    Page<Account> page =
        Page.of(
            accounts.inProject(projectId),
            Account::email,
            pageSize(request.getPageSize()),
            request.getPageToken());
    return ListServiceAccountsResponse.newBuilder()
        .addAllAccounts(page.items().stream().map(ServiceAccountHandlers::shown).toList())
        .setNextPageToken(page.nextToken())
        .build();
  }

  private static int pageSize(int asked) {
    if (asked < 0) {
      throw Refusals.invalidArgument();
    }
    return asked == 0 ? DEFAULT_PAGE : Math.min(asked, LARGEST_PAGE);
  }

  @SuppressWarnings("deprecation") // Google still fills the account's etag.
  private static ServiceAccount shown(Account account) {
    return ServiceAccount.newBuilder()
        .setName(account.resource().name())
        .setProjectId(account.projectId())
        .setUniqueId(account.uniqueId())
        .setEmail(account.email())
        .setDisplayName(account.displayName())
        .setDescription(account.description())
        .setEtag(ByteString.copyFrom(new byte[] {1, 2, 0x19}))
        .setOauth2ClientId(account.uniqueId())
        .build();
  }
}
