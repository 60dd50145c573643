package io.github.shortlived.account;

import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.model.ServiceAccount;
import java.util.Objects;

/**
 * A service account as the IAM API describes it. Immutable.
 *
 * @param account the account, named by its email address
 * @param uniqueId the numeric ID, which no other account ever has; {@link ServiceAccounts#undelete}
 *     needs it
 * @param projectId the ID of the project that the account belongs to
 * @param displayName the name for users; empty if there is none
 * @param description the description for users; empty if there is none
 * @param disabled whether the account is disabled: then its credentials are refused
 * @see <a href="https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts">
 *     projects.serviceAccounts</a>
 */
public record ServiceAccountInfo(
    ServiceAccount account,
    String uniqueId,
    String projectId,
    String displayName,
    String description,
    boolean disabled) {
  public ServiceAccountInfo {
    Objects.requireNonNull(account, "account");
    Objects.requireNonNull(uniqueId, "uniqueId");
    Objects.requireNonNull(projectId, "projectId");
    Objects.requireNonNull(displayName, "displayName");
    Objects.requireNonNull(description, "description");
  }

  static ServiceAccountInfo of(com.google.iam.admin.v1.ServiceAccount account) {
    return new ServiceAccountInfo(
        ServiceAccount.of(account.getEmail()),
        account.getUniqueId(),
        account.getProjectId(),
        account.getDisplayName(),
        account.getDescription(),
        account.getDisabled());
  }

  /** {@return the email address, the unique ID, the display name and the state, in one line} */
  @Override
  public String toString() {
    String title = displayName.isEmpty() ? "" : ", \"" + displayName + "\"";
    return SafeText.visible(
        "%s (%s%s%s)".formatted(account, uniqueId, title, disabled ? ", disabled" : ""));
  }
}
