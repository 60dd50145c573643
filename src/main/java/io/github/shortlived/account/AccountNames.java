package io.github.shortlived.account;

import io.github.shortlived.internal.text.ServiceAccountEmails;
import io.github.shortlived.model.ServiceAccount;

/** The resource names of service accounts. */
final class AccountNames {
  private AccountNames() {}

  /**
   * Returns the resource name, with the project if the email address contains it. Without the
   * project, Google responds to an unknown name with PERMISSION_DENIED instead of NOT_FOUND.
   */
  static String resource(ServiceAccount account) {
    return ServiceAccountEmails.projectId(account.id())
        .map(projectId -> resource(projectId, account))
        .orElseGet(account::resourceName);
  }

  static String resource(String projectId, ServiceAccount account) {
    return "projects/%s/serviceAccounts/%s".formatted(projectId, account);
  }
}
