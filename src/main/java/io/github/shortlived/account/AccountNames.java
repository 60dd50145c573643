package io.github.shortlived.account;

import io.github.shortlived.model.ServiceAccount;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The email addresses and resource names of service accounts. */
final class AccountNames {
  private static final String HOST = ".iam.gserviceaccount.com";
  private static final Pattern EMAIL =
      Pattern.compile("[^@]+@([^.]+)(?:\\.(.+))?" + Pattern.quote(HOST));

  private AccountNames() {}

  /** Returns the account that a user creates in this project with this ID. */
  static ServiceAccount account(String projectId, String accountId) {
    int colon = projectId.indexOf(':');
    String domain = colon < 0 ? "" : "." + projectId.substring(0, colon);
    return ServiceAccount.of(accountId + "@" + projectId.substring(colon + 1) + domain + HOST);
  }

  /**
   * Returns the resource name, with the project if the email address contains it. Without the
   * project, Google responds to an unknown name with PERMISSION_DENIED instead of NOT_FOUND.
   */
  static String resource(ServiceAccount account) {
    Matcher email = EMAIL.matcher(account.id());
    if (!email.matches()) {
      return account.resourceName();
    }
    String domain = email.group(2) == null ? "" : email.group(2) + ":";
    return resource(domain + email.group(1), account);
  }

  static String resource(String projectId, ServiceAccount account) {
    return "projects/%s/serviceAccounts/%s".formatted(projectId, account);
  }
}
