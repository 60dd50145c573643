package io.github.shortlived.testing.internal.iam;

import com.google.common.collect.Range;
import com.google.iam.admin.v1.CreateServiceAccountRequest;
import com.google.iam.admin.v1.GetServiceAccountRequest;
import com.google.iam.admin.v1.ListServiceAccountsRequest;
import com.google.iam.admin.v1.ListServiceAccountsResponse;
import com.google.iam.admin.v1.PatchServiceAccountRequest;
import com.google.iam.admin.v1.ServiceAccount;
import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.AccountEmail;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.Resource;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.rpc.Page;
import io.github.shortlived.testing.internal.world.World;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Creates, returns, changes and lists service accounts. */
final class ServiceAccountHandlers {
  private static final Pattern ACCOUNT_ID = Pattern.compile("[a-z](?:[-a-z0-9]*[a-z0-9])?");
  private static final Range<Integer> ACCOUNT_ID_LENGTH = Range.closed(6, 30);
  private static final Set<String> PATCHABLE = Set.of("display_name", "description");
  private static final int LONGEST_DISPLAY_NAME = 100;
  private static final int LONGEST_DESCRIPTION = 256;
  private static final int DEFAULT_PAGE = 20;
  private static final int LARGEST_PAGE = 100;

  private ServiceAccountHandlers() {}

  static ServiceAccount create(World world, Caller caller, CreateServiceAccountRequest request) {
    String projectId = ResourceNames.projectId(world, request.getName());
    String accountId = request.getAccountId();
    AccountEmail id = AccountEmail.of(accountId, projectId);
    requireAccountId(world, accountId, id.email());
    world
        .permissions()
        .require(caller.principal(), "iam.serviceAccounts.create", Resource.project(projectId));
    ServiceAccount proposed = request.getServiceAccount();
    requireLengths(proposed);
    return world
        .accounts()
        .create(id, proposed.getDisplayName(), proposed.getDescription())
        .map(AccountProtos::of)
        .orElseThrow(() -> GoogleErrors.accountExists(accountId, projectId));
  }

  /** An account that a world declares may have a short id, and be created again with it. */
  private static void requireAccountId(World world, String accountId, String email) {
    if (!ACCOUNT_ID_LENGTH.contains(accountId.length()) && !world.accounts().hasExisted(email)) {
      throw GoogleErrors.invalid(
          "The account ID \"" + accountId + "\" does not have a length between 6 and 30.");
    }
    if (!ACCOUNT_ID.matcher(accountId).matches()) {
      throw GoogleErrors.invalid("Invalid service account ID \"" + accountId + "\"."); // unverified
    }
  }

  static ServiceAccount get(World world, Caller caller, GetServiceAccountRequest request) {
    return AccountProtos.of(
        ResourceNames.permitted(world, caller, request.getName(), "iam.serviceAccounts.get"));
  }

  /** Changes the fields of the mask; only two fields can change. */
  static ServiceAccount patch(World world, Caller caller, PatchServiceAccountRequest request) {
    List<String> paths = request.getUpdateMask().getPathsList();
    if (paths.isEmpty() || !PATCHABLE.containsAll(paths)) {
      throw GoogleErrors.invalidArgument();
    }
    return changed(world, caller, request.getServiceAccount(), paths);
  }

  /** Changes the display name, the only field of Google's deprecated method. */
  static ServiceAccount update(World world, Caller caller, ServiceAccount account) {
    return changed(world, caller, account, List.of("display_name"));
  }

  private static ServiceAccount changed(
      World world, Caller caller, ServiceAccount proposed, List<String> paths) {
    Account account =
        ResourceNames.permitted(world, caller, proposed.getName(), "iam.serviceAccounts.update");
    requireLengths(proposed);
    return world
        .accounts()
        .update(account, now -> changed(now, proposed, paths))
        .map(AccountProtos::of)
        .orElseThrow(() -> GoogleErrors.accountNotFound(account.resource().name()));
  }

  static ListServiceAccountsResponse list(
      World world, Caller caller, ListServiceAccountsRequest request) {
    String projectId = ResourceNames.projectId(world, request.getName());
    world
        .permissions()
        .require(caller.principal(), "iam.serviceAccounts.list", Resource.project(projectId));
    Page<Account> page =
        Page.find(
                "accounts of " + projectId,
                world.accounts().inProject(projectId),
                Account::email,
                Page.size(request.getPageSize(), DEFAULT_PAGE, LARGEST_PAGE),
                request.getPageToken())
            .orElseThrow(GoogleErrors::invalidArgument);
    return ListServiceAccountsResponse.newBuilder()
        .addAllAccounts(page.items().stream().map(AccountProtos::of).toList())
        .setNextPageToken(page.nextToken())
        .build();
  }

  private static void requireLengths(ServiceAccount account) {
    requireAtMost(LONGEST_DISPLAY_NAME, account.getDisplayName(), "display_name");
    requireAtMost(LONGEST_DESCRIPTION, account.getDescription(), "description");
  }

  private static void requireAtMost(int bytes, String value, String field) {
    if (value.getBytes(StandardCharsets.UTF_8).length > bytes) {
      // The rule is documented, the text unverified.
      throw GoogleErrors.invalid("The " + field + " must have at most " + bytes + " bytes.");
    }
  }

  private static Account changed(Account account, ServiceAccount proposed, List<String> paths) {
    Account result = account;
    for (String path : paths) {
      result =
          path.equals("display_name")
              ? result.withDisplayName(proposed.getDisplayName())
              : result.withDescription(proposed.getDescription());
    }
    return result;
  }
}
