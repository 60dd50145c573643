package io.github.shortlived.testing;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds what the IAM API's resource names mean. */
final class AccountNames {
  private static final Pattern PROJECT = Pattern.compile("projects/([^/]+)");
  private static final Pattern ACCOUNT =
      Pattern.compile("projects/([^/]+)/serviceAccounts/([^/]+)");

  private final Accounts accounts;

  AccountNames(Accounts accounts) {
    this.accounts = accounts;
  }

  static String projectId(String name) {
    Matcher matcher = PROJECT.matcher(name);
    if (!matcher.matches()) {
      throw Refusals.invalidArgument();
    }
    return matcher.group(1);
  }

  /** The account of {@code projects/PROJECT_OR_-/serviceAccounts/EMAIL_OR_UNIQUE_ID}. */
  Account account(String name) {
    return find(name).orElseThrow(() -> Refusals.accountNotFound(name));
  }

  Optional<Account> find(String name) {
    Matcher matcher = ACCOUNT.matcher(name);
    if (!matcher.matches()) {
      throw Refusals.invalidArgument();
    }
    return accounts.find(matcher.group(2)).filter(account -> isIn(account, matcher.group(1)));
  }

  private static boolean isIn(Account account, String projectId) {
    return projectId.equals("-") || projectId.equals(account.projectId());
  }
}
