package io.github.shortlived.testing.internal.control;

import io.github.shortlived.testing.internal.account.Account;
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
  private static final Pattern PROJECT = Pattern.compile("projects/([^/]+)(?:/.*)?");

  public Optional<String> of(Principal caller, String resource) {
    return caller.isServiceAccount() ? projectOf(caller.email()) : ofResource(resource);
  }

  private Optional<String> ofResource(String resource) {
    Matcher matcher = PROJECT.matcher(resource);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return matcher.group(1).equals("-")
        ? projectOf(resource.substring(resource.lastIndexOf('/') + 1))
        : Optional.of(matcher.group(1));
  }

  private Optional<String> projectOf(String emailOrUniqueId) {
    return accounts.find(emailOrUniqueId).map(Account::projectId);
  }
}
