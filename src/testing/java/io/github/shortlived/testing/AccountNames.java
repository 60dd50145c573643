package io.github.shortlived.testing;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds what the IAM API's resource names mean. */
final class AccountNames {
  private static final Pattern PROJECT = Pattern.compile("projects/([^/]+)");
  private static final Pattern ACCOUNT =
      Pattern.compile("projects/([^/]+)/serviceAccounts/([^/]+)");
  private static final Pattern KEY =
      Pattern.compile("(projects/[^/]+/serviceAccounts/[^/]+)/keys/([^/]+)");

  private final Accounts accounts;

  AccountNames(Accounts accounts) {
    this.accounts = accounts;
  }

  static String projectId(String name) {
    return match(PROJECT, name).group(1);
  }

  /**
   * The account of {@code projects/PROJECT_OR_-/serviceAccounts/EMAIL_OR_UNIQUE_ID}, for somebody
   * who asks to do what takes that permission.
   */
  Account account(String name, String permission) {
    return find(name).orElseThrow(() -> unknown(name, permission));
  }

  /** Under the wildcard there is no project to look into, so Google only says that it denies. */
  static RpcException unknown(String name, String permission) {
    return match(ACCOUNT, name).group(1).equals("-")
        ? Refusals.permissionDenied(permission)
        : Refusals.accountNotFound(name);
  }

  Optional<Account> find(String name) {
    Matcher matcher = match(ACCOUNT, name);
    return accounts.find(matcher.group(2)).filter(account -> isIn(account, matcher.group(1)));
  }

  /** A deleted account goes by its unique id alone. */
  Optional<DeletedAccount> findDeleted(String name) {
    Matcher matcher = match(ACCOUNT, name);
    return accounts
        .findDeleted(matcher.group(2))
        .filter(deleted -> isIn(deleted.account(), matcher.group(1)));
  }

  /** The account of {@code projects/PROJECT_OR_-/serviceAccounts/ACCOUNT/keys/KEY}. */
  Account accountOfKey(String keyName, String permission) {
    return account(match(KEY, keyName).group(1), permission);
  }

  static String keyId(String keyName) {
    return match(KEY, keyName).group(2);
  }

  private static Matcher match(Pattern form, String name) {
    Matcher matcher = form.matcher(name);
    if (!matcher.matches()) {
      throw Refusals.invalidArgument();
    }
    return matcher;
  }

  private static boolean isIn(Account account, String projectId) {
    return projectId.equals("-") || projectId.equals(account.projectId());
  }
}
