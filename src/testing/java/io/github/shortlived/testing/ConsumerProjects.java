package io.github.shortlived.testing;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whose project a call is counted on: that of the service account that calls; for anybody else that
 * of the resource, for a user's quota project is not known here.
 */
final class ConsumerProjects {
  private static final Pattern PROJECT = Pattern.compile("projects/([^/]+)(?:/.*)?");

  private final Accounts accounts;

  ConsumerProjects(Accounts accounts) {
    this.accounts = accounts;
  }

  Optional<String> of(Principal caller, String resource) {
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
