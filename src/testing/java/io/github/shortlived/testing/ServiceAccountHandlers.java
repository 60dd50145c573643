package io.github.shortlived.testing;

import com.google.iam.admin.v1.CreateServiceAccountRequest;
import com.google.iam.admin.v1.GetServiceAccountRequest;
import com.google.iam.admin.v1.ListServiceAccountsRequest;
import com.google.iam.admin.v1.ListServiceAccountsResponse;
import com.google.iam.admin.v1.PatchServiceAccountRequest;
import com.google.iam.admin.v1.ServiceAccount;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Creates, shows, changes and lists service accounts. */
final class ServiceAccountHandlers {
  // Google asks for 6 characters at least; ours may be as short as the sa-1 of a demonstration.
  private static final Pattern ACCOUNT_ID = Pattern.compile("[a-z](?:[-a-z0-9]{0,28}[a-z0-9])?");
  private static final Set<String> PATCHABLE = Set.of("display_name", "description");
  private static final int LONGEST_DISPLAY_NAME = 100;
  private static final int LONGEST_DESCRIPTION = 256;
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
    requireFit(wanted);
    return accounts
        .create(
            new AccountEmail(accountId, projectId),
            wanted.getDisplayName(),
            wanted.getDescription())
        .map(AccountView::of)
        .orElseThrow(() -> Refusals.accountExists(accountId, projectId));
  }

  ServiceAccount get(Caller caller, GetServiceAccountRequest request) {
    return AccountView.of(permitted(caller, request.getName(), "iam.serviceAccounts.get"));
  }

  /** Changes what the mask names, of the two fields that can change. */
  ServiceAccount patch(Caller caller, PatchServiceAccountRequest request) {
    List<String> paths = request.getUpdateMask().getPathsList();
    if (paths.isEmpty() || !PATCHABLE.containsAll(paths)) {
      throw Refusals.invalidArgument();
    }
    Account account =
        permitted(caller, request.getServiceAccount().getName(), "iam.serviceAccounts.update");
    requireFit(request.getServiceAccount());
    return accounts
        .update(account, now -> patched(now, request))
        .map(AccountView::of)
        .orElseThrow(() -> Refusals.accountNotFound(account.resource().name()));
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
        .addAllAccounts(page.items().stream().map(AccountView::of).toList())
        .setNextPageToken(page.nextToken())
        .build();
  }

  private Account permitted(Caller caller, String name, String permission) {
    Account account = names.account(name, permission);
    access.require(caller.principal(), permission, account.resource());
    return account;
  }

  private static int pageSize(int asked) {
    if (asked < 0) {
      throw Refusals.invalidArgument();
    }
    return asked == 0 ? DEFAULT_PAGE : Math.min(asked, LARGEST_PAGE);
  }

  private static void requireFit(ServiceAccount account) {
    requireAtMost(LONGEST_DISPLAY_NAME, account.getDisplayName(), "display_name");
    requireAtMost(LONGEST_DESCRIPTION, account.getDescription(), "description");
  }

  private static void requireAtMost(int bytes, String value, String field) {
    if (value.getBytes(StandardCharsets.UTF_8).length > bytes) {
      // The rule is documented, the text unverified.
      throw Refusals.invalid("The " + field + " must have at most " + bytes + " bytes.");
    }
  }

  private static Account patched(Account account, PatchServiceAccountRequest request) {
    Account result = account;
    for (String path : request.getUpdateMask().getPathsList()) {
      result =
          path.equals("display_name")
              ? result.withDisplayName(request.getServiceAccount().getDisplayName())
              : result.withDescription(request.getServiceAccount().getDescription());
    }
    return result;
  }
}
