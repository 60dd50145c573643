package io.github.shortlived.testing.internal.world;

import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.AccountEmail;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names service accounts by the part of their email before the {@code @}, if it is unique. */
public record ShortAccountNames(World world) {
  /** Returns the account id, or the email if accounts of two projects have the same id. */
  public String of(Account account) {
    String accountId = account.id().accountId();
    return withId(accountId).size() == 1 ? accountId : account.email();
  }

  /**
   * Returns the policy member for a member, the email of an account or a short name.
   *
   * @throws IllegalArgumentException if the number of accounts with a short name is not one
   */
  public String member(String name) {
    if (name.indexOf(':') >= 0) {
      return name;
    }
    return "serviceAccount:"
        + (name.indexOf('@') >= 0 ? requireAccount(name) : single(name).email());
  }

  private static String requireAccount(String email) {
    if (!AccountEmail.isEmail(email)) {
      throw new IllegalArgumentException(
          "\"" + email + "\" is not the email of a service account: for a user, use user:" + email);
    }
    return email;
  }

  /** Returns the accounts by project and email. */
  public Stream<Account> all() {
    return world.projects().stream()
        .sorted()
        .flatMap(project -> world.accounts().inProject(project).stream());
  }

  private Account single(String accountId) {
    List<Account> found = withId(accountId);
    if (found.size() != 1) {
      String problem =
          found.isEmpty()
              ? "no service account has the name \"%s\"".formatted(accountId)
              : "the name \"%s\" is ambiguous".formatted(accountId);
      throw new IllegalArgumentException(problem + ": use one of these emails: " + emails(found));
    }
    return found.get(0);
  }

  private String emails(List<Account> found) {
    return (found.isEmpty() ? all() : found.stream())
        .map(Account::email)
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private List<Account> withId(String accountId) {
    return all().filter(account -> account.id().accountId().equals(accountId)).toList();
  }
}
