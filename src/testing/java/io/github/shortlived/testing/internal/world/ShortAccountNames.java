package io.github.shortlived.testing.internal.world;

import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.AccountEmail;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Service accounts by the part of their email before the {@code @}, where that tells them apart.
 */
public record ShortAccountNames(World world) {
  /** The account id, or the whole email when accounts of two projects share the id. */
  public String of(Account account) {
    String accountId = account.id().accountId();
    return named(accountId).size() == 1 ? accountId : account.email();
  }

  /**
   * The policy member that is meant by a member, an email or a short name.
   *
   * @throws IllegalArgumentException if it is a short name that no account has, or several have
   */
  public String member(String name) {
    if (name.indexOf(':') >= 0) {
      return name;
    }
    return "serviceAccount:"
        + (name.indexOf('@') >= 0 ? requireAccount(name) : single(name).email());
  }

  private static String requireAccount(String email) {
    if (AccountEmail.parse(email).isEmpty()) {
      throw new IllegalArgumentException(
          "\"" + email + "\" is no service account's email: for a user give user:" + email);
    }
    return email;
  }

  public Stream<Account> all() {
    return world.projects().stream()
        .sorted()
        .flatMap(project -> world.accounts().inProject(project).stream());
  }

  private Account single(String accountId) {
    List<Account> found = named(accountId);
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          "\"%s\" names %d service accounts of this emulator: give the email of one of %s"
              .formatted(accountId, found.size(), emails(found)));
    }
    return found.get(0);
  }

  private String emails(List<Account> found) {
    return (found.isEmpty() ? all() : found.stream())
        .map(Account::email)
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private List<Account> named(String accountId) {
    return all().filter(account -> account.id().accountId().equals(accountId)).toList();
  }
}
