package io.github.shortlived.account;

import static io.github.shortlived.model.InternalExceptions.require;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.shortlived.internal.client.ProjectIds;
import io.github.shortlived.internal.text.Phrases;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.internal.text.ServiceAccountEmails;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.ServiceAccount;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A service account to create. Immutable; the methods return a changed copy.
 *
 * @param projectId the ID of the project, such as {@code my-project}
 * @param accountId the part of the email address before the {@code @}: 6 to 30 lowercase letters,
 *     digits and hyphens, from a letter to a letter or digit
 * @param displayName the name for users, at most 100 bytes in UTF-8; empty for none
 * @param description the description for users, at most 256 bytes in UTF-8; empty for none
 * @see <a href="https://cloud.google.com/iam/docs/service-accounts-create">Create service
 *     accounts</a>
 */
public record NewServiceAccount(
    String projectId, String accountId, String displayName, String description) {
  private static final Pattern ACCOUNT_ID = Pattern.compile("[a-z][a-z0-9-]{4,28}[a-z0-9]");
  private static final int LONGEST_DISPLAY_NAME = 100;
  private static final int LONGEST_DESCRIPTION = 256;

  /**
   * Checks the forms and the lengths.
   *
   * @throws CredentialException.InvalidRequest if one of them is not allowed
   */
  public NewServiceAccount {
    Objects.requireNonNull(projectId, "projectId");
    Objects.requireNonNull(accountId, "accountId");
    Objects.requireNonNull(displayName, "displayName");
    Objects.requireNonNull(description, "description");
    ProjectIds.checkId(projectId);
    checkAccountId(accountId);
    checkLength("display name", displayName, LONGEST_DISPLAY_NAME);
    checkLength("description", description, LONGEST_DESCRIPTION);
  }

  /** Returns an account without a display name and a description. */
  public static NewServiceAccount of(String projectId, String accountId) {
    return new NewServiceAccount(projectId, accountId, "", "");
  }

  /** Returns the same account with this name for users. */
  public NewServiceAccount withDisplayName(String displayName) {
    return new NewServiceAccount(projectId, accountId, displayName, description);
  }

  /** Returns the same account with this description for users. */
  public NewServiceAccount withDescription(String description) {
    return new NewServiceAccount(projectId, accountId, displayName, description);
  }

  /** {@return the account, named by the email address that it will have} */
  public ServiceAccount account() {
    return ServiceAccount.of(ServiceAccountEmails.of(projectId, accountId));
  }

  /** {@return all values in one line, with escapes for hidden characters} */
  @Override
  public String toString() {
    return SafeText.visible(
        "NewServiceAccount[account=%s, displayName=%s, description=%s]"
            .formatted(account(), displayName, description));
  }

  private static void checkAccountId(String accountId) {
    require(
        ACCOUNT_ID.matcher(accountId).matches(),
        "account ID",
        accountId,
        "it must have 6 to 30 lowercase letters, digits and hyphens, begin with a letter and not"
            + " end with a hyphen",
        accountId.indexOf('@') < 0
            ? "Choose another one, such as my-deployer"
            : "Pass only the part before the @");
  }

  private static void checkLength(String what, String text, int most) {
    InternalExceptions.requireWellFormed(what, text);
    int bytes = text.getBytes(UTF_8).length;
    require(
        bytes <= most,
        what,
        text,
        "it must have at most %s in UTF-8, but has %d"
            .formatted(Phrases.pluralize(most, "byte"), bytes),
        "Shorten it");
  }
}
