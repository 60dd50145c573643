package io.github.shortlived.testing.internal.account;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The resource name of a service account, {@code projects/PROJECT/serviceAccounts/ACCOUNT}, or of
 * one of its keys.
 *
 * @param project the ID or number of a project, or {@code -} for any project
 * @param account an email or a unique ID, for {@link Accounts#find}
 */
public record AccountName(String project, String account, Optional<String> keyId) {
  private static final Pattern FORM =
      Pattern.compile("projects/([^/\\s]+)/serviceAccounts/([^/\\s]+)(?:/keys/([^/\\s]+))?");
  private static final Pattern EMAIL_OR_UNIQUE_ID = Pattern.compile("[^\\s@]+@[^\\s@]+|\\d+");

  public static Optional<AccountName> parse(String name) {
    return Optional.of(FORM.matcher(name))
        .filter(Matcher::matches)
        .map(
            parts ->
                new AccountName(
                    parts.group(1), parts.group(2), Optional.ofNullable(parts.group(3))));
  }

  /** Returns whether the text has the form of an email or a unique ID. */
  public static boolean isEmailOrUniqueId(String text) {
    return EMAIL_OR_UNIQUE_ID.matcher(text).matches();
  }

  /** Returns whether the name is that of an account of any project. */
  public boolean isOfAnyProject() {
    return project.equals("-");
  }

  /** Returns the name of the account itself. */
  public String withoutKey() {
    return "projects/" + project + "/serviceAccounts/" + account;
  }
}
