package io.github.shortlived.testing.internal.iam;

import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.AccountName;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.DeletedAccount;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import io.github.shortlived.testing.internal.policy.AccessRequest;
import io.github.shortlived.testing.internal.world.World;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the projects and accounts behind the resource names of the IAM API. */
final class ResourceNames {
  private static final Pattern PROJECT = Pattern.compile("projects/([^/\\s]+)");

  private ResourceNames() {}

  /** Returns the ID or number in the name of a project. */
  static String project(String name) {
    return Optional.of(PROJECT.matcher(name))
        .filter(Matcher::matches)
        .map(project -> project.group(1))
        .orElseThrow(GoogleErrors::invalidArgument);
  }

  /** Returns the project's ID, for a name with its ID or its number. */
  static String projectId(World world, String name) {
    return world.projectId(project(name));
  }

  /** Returns the parts of the name of an account. */
  static AccountName account(String name) {
    AccountName account =
        AccountName.parse(name)
            .filter(parsed -> parsed.keyId().isEmpty())
            .orElseThrow(GoogleErrors::invalidArgument);
    requireEmailOrUniqueId(account.account());
    return account;
  }

  static void requireEmailOrUniqueId(String id) {
    if (!AccountName.isEmailOrUniqueId(id)) {
      throw GoogleErrors.accountIdInvalid(id);
    }
  }

  /** Returns the account, if the caller has the permission on it. */
  static Account permitted(World world, Caller caller, String name, String permission) {
    return permitted(world, caller, name, permission, Set.of());
  }

  /** Returns the account, if the caller may change the bindings of the roles. */
  static Account permitted(
      World world, Caller caller, String name, String permission, Set<String> modifiedRoles) {
    Account account = find(world, name).orElseThrow(() -> unknown(name, permission));
    world
        .permissions()
        .require(
            new AccessRequest(caller.principal(), permission, account.resource(), modifiedRoles));
    return account;
  }

  /** Returns the error for an unknown account; under the wildcard project, Google denies access. */
  static RpcException unknown(String name, String permission) {
    return account(name).isOfAnyProject()
        ? GoogleErrors.permissionDenied(permission)
        : GoogleErrors.accountNotFound(name);
  }

  static Optional<Account> find(World world, String name) {
    AccountName parts = account(name);
    return world.accounts().find(parts.account()).filter(account -> isIn(world, account, parts));
  }

  /** Finds a deleted account by its unique id. */
  static Optional<DeletedAccount> findDeleted(World world, String name) {
    AccountName parts = account(name);
    return world
        .accounts()
        .findDeleted(parts.account())
        .filter(deleted -> isIn(world, deleted.account(), parts));
  }

  /** Returns the account's part of the name of a key. */
  static String accountOfKey(String keyName) {
    return AccountName.parse(keyName)
        .filter(name -> name.keyId().isPresent())
        .map(AccountName::withoutKey)
        .orElseThrow(GoogleErrors::invalidArgument);
  }

  static String keyId(String keyName) {
    return AccountName.parse(keyName)
        .flatMap(AccountName::keyId)
        .orElseThrow(GoogleErrors::invalidArgument);
  }

  private static boolean isIn(World world, Account account, AccountName name) {
    return name.isOfAnyProject() || world.projectId(name.project()).equals(account.projectId());
  }
}
