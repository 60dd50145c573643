package io.github.shortlived.testing;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** The service accounts of a world. Safe for concurrent use. */
final class Accounts {
  private final Function<String, KeyRing> keysFor;
  private final Map<String, Account> byEmail = new ConcurrentSkipListMap<>();
  private final Map<String, Account> byUniqueId = new ConcurrentHashMap<>();
  private final AtomicLong created = new AtomicLong();

  Accounts(Function<String, KeyRing> keysFor) {
    this.keysFor = keysFor;
  }

  Optional<Account> find(String emailOrUniqueId) {
    return Optional.ofNullable(byEmail.get(emailOrUniqueId))
        .or(() -> Optional.ofNullable(byUniqueId.get(emailOrUniqueId)));
  }

  /** The accounts of a project in the order of their emails. */
  List<Account> inProject(String projectId) {
    return byEmail.values().stream()
        .filter(account -> account.projectId().equals(projectId))
        .toList();
  }

  /** Empty when the email is taken. */
  Optional<Account> create(AccountEmail id, String displayName, String description) {
    String email = id.email();
    Account account =
        new Account(id, nextUniqueId(), displayName, description, keysFor.apply(email));
    if (byEmail.putIfAbsent(email, account) != null) {
      return Optional.empty();
    }
    byUniqueId.put(account.uniqueId(), account);
    return Optional.of(account);
  }

  /** Google's are 21 digits too; these also tell the order of creation. */
  private String nextUniqueId() {
    return String.format(Locale.ROOT, "1%020d", created.incrementAndGet());
  }
}
