package io.github.shortlived.testing.internal.control;

import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.AccountName;
import io.github.shortlived.testing.internal.account.Accounts;
import io.github.shortlived.testing.internal.account.Principal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the project to which a call counts, if the call has no quota project: the project of the
 * calling service account or, for other callers, the project of the resource.
 */
public record ConsumerProjects(Accounts accounts) {
  private static final Pattern PROJECT = Pattern.compile("projects/([^/\\s]+)(?:/.*)?");

  /** Returns the ID or number of the project. */
  public Optional<String> of(Principal caller, String resource) {
    return caller.isServiceAccount() ? projectOf(caller.email()) : ofResource(resource);
  }

  private Optional<String> ofResource(String resource) {
    return AccountName.parse(resource)
        .filter(AccountName::isOfAnyProject)
        .map(name -> projectOf(name.account()))
        .orElseGet(
            () ->
                Optional.of(PROJECT.matcher(resource))
                    .filter(Matcher::matches)
                    .map(project -> project.group(1))
                    .filter(project -> !project.equals("-")));
  }

  private Optional<String> projectOf(String emailOrUniqueId) {
    return accounts.find(emailOrUniqueId).map(Account::projectId);
  }
}
