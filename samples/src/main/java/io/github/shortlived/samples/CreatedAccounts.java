package io.github.shortlived.samples;

import io.github.shortlived.account.NewServiceAccount;
import io.github.shortlived.account.ServiceAccountInfo;
import io.github.shortlived.account.ServiceAccounts;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.ServiceAccount;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The service accounts that a run of the quickstart creates and deletes. Thread-safe. */
final class CreatedAccounts {
  private final ServiceAccounts accounts;
  private final List<ServiceAccount> created = new ArrayList<>();
  private boolean ended;

  CreatedAccounts(ServiceAccounts accounts) {
    this.accounts = accounts;
  }

  synchronized ServiceAccountInfo create(NewServiceAccount account) {
    if (ended) {
      throw new IllegalStateException("Interrupted");
    }
    try {
      ServiceAccountInfo info = accounts.create(account);
      created.add(info.account());
      return info;
    } catch (CredentialException.Unavailable e) {
      created.add(account.account()); // It may exist: perhaps only the response was lost.
      throw e;
    }
  }

  synchronized boolean isEmpty() {
    return created.isEmpty();
  }

  /**
   * Deletes all of them; no other can be created afterwards. Throws the first failure at the end,
   * with the others suppressed.
   */
  synchronized void deleteAll(Consumer<? super ServiceAccount> deleted) {
    ended = true;
    List<CredentialException> failures = new ArrayList<>();
    for (ServiceAccount account : created) {
      try {
        delete(account);
        deleted.accept(account);
      } catch (CredentialException e) {
        failures.add(e);
      }
    }
    created.clear();
    throwFirst(failures);
  }

  private void delete(ServiceAccount account) {
    try {
      accounts.delete(account);
    } catch (CredentialException.NotFound e) {
      // The account does not exist, which is the aim.
    }
  }

  private static void throwFirst(List<CredentialException> failures) {
    if (!failures.isEmpty()) {
      CredentialException first = failures.get(0);
      failures.subList(1, failures.size()).forEach(first::addSuppressed);
      throw first;
    }
  }
}
