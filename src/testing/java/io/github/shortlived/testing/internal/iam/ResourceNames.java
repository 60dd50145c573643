package io.github.shortlived.testing.internal.iam;

import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.DeletedAccount;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import io.github.shortlived.testing.internal.world.World;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the accounts behind the resource names of the IAM API, of the form {@code
 * projects/PROJECT_OR_-/serviceAccounts/EMAIL_OR_UNIQUE_ID}.
 */
final class ResourceNames {
  private static final Pattern PROJECT = Pattern.compile("projects/([^/]+)");
  private static final Pattern ACCOUNT =
      Pattern.compile("projects/([^/]+)/serviceAccounts/([^/]+)");
  private static final Pattern EMAIL_OR_UNIQUE_ID = Pattern.compile("[^@]+@[^@]+|\\d+");
  private static final Pattern KEY =
      Pattern.compile("(projects/[^/]+/serviceAccounts/[^/]+)/keys/([^/]+)");

  private ResourceNames() {}

  static String projectId(String name) {
    return match(PROJECT, name).group(1);
  }

  /** Returns the match of a name: group 1 is the project, group 2 the email or unique id. */
  static Matcher account(String name) {
    Matcher matcher = match(ACCOUNT, name);
    requireEmailOrUniqueId(matcher.group(2));
    return matcher;
  }

  static void requireEmailOrUniqueId(String id) {
    if (!EMAIL_OR_UNIQUE_ID.matcher(id).matches()) {
      throw GoogleErrors.accountIdInvalid(id);
    }
  }

  /** Returns the account, if the caller has the permission on it. */
  static Account permitted(World world, Caller caller, String name, String permission) {
    Account account = find(world, name).orElseThrow(() -> unknown(name, permission));
    world.permissions().require(caller.principal(), permission, account.resource());
    return account;
  }

  /** Returns the error for an unknown account; under the wildcard project, Google denies access. */
  static RpcException unknown(String name, String permission) {
    return account(name).group(1).equals("-")
        ? GoogleErrors.permissionDenied(permission)
        : GoogleErrors.accountNotFound(name);
  }

  static Optional<Account> find(World world, String name) {
    Matcher matcher = account(name);
    return world
        .accounts()
        .find(matcher.group(2))
        .filter(account -> isIn(account, matcher.group(1)));
  }

  /** Finds a deleted account by its unique id. */
  static Optional<DeletedAccount> findDeleted(World world, String name) {
    Matcher matcher = account(name);
    return world
        .accounts()
        .findDeleted(matcher.group(2))
        .filter(deleted -> isIn(deleted.account(), matcher.group(1)));
  }

  /** Returns the account's part of a name that ends in {@code /keys/KEY}. */
  static String accountOfKey(String keyName) {
    return match(KEY, keyName).group(1);
  }

  static String keyId(String keyName) {
    return match(KEY, keyName).group(2);
  }

  private static Matcher match(Pattern form, String name) {
    Matcher matcher = form.matcher(name);
    if (!matcher.matches()) {
      throw GoogleErrors.invalidArgument();
    }
    return matcher;
  }

  private static boolean isIn(Account account, String projectId) {
    return projectId.equals("-") || projectId.equals(account.projectId());
  }
}
