package io.github.shortlived.testing.internal.account;

import io.github.shortlived.testing.internal.key.KeyRing;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The service accounts of a world. Safe for concurrent use. */
public final class Accounts {
  private final Function<String, KeyRing> keysFor;
  private final Map<String, Account> byEmail = new ConcurrentSkipListMap<>();
  private final Map<String, String> emails = new ConcurrentHashMap<>();
  private final Map<String, DeletedAccount> deleted = new ConcurrentHashMap<>();
  private final AtomicLong created = new AtomicLong();

  public Accounts(Function<String, KeyRing> keysFor) {
    this.keysFor = keysFor;
  }

  public Optional<Account> find(String emailOrUniqueId) {
    return Optional.ofNullable(byEmail.get(emailOrUniqueId))
        .or(() -> Optional.ofNullable(emails.get(emailOrUniqueId)).map(byEmail::get));
  }

  /** The accounts of a project in the order of their emails. */
  public List<Account> inProject(String projectId) {
    return byEmail.values().stream()
        .filter(account -> account.projectId().equals(projectId))
        .toList();
  }

  /** Empty when the email is taken. */
  public Optional<Account> create(AccountEmail id, String displayName, String description) {
    String email = id.email();
    Account account =
        new Account(id, nextUniqueId(), displayName, description, keysFor.apply(email), false);
    if (isSuccessor(account)) {
      account.keys().startOver();
    }
    return add(account) ? Optional.of(account) : Optional.empty();
  }

  /** Whether an account before it had the same email; it is none the less another account. */
  public boolean isSuccessor(Account account) {
    return deleted.values().stream()
        .map(DeletedAccount::account)
        .anyMatch(
            gone ->
                gone.email().equals(account.email())
                    && gone.uniqueId().compareTo(account.uniqueId()) < 0);
  }

  /** Whether somebody's tokens count: service accounts' do only while those are active. */
  public boolean mayCall(Principal who) {
    return !who.isServiceAccount() || isActive(who.email());
  }

  /** Whether somebody may call as that account; those of other worlds never may. */
  public boolean isActive(String email) {
    return Optional.ofNullable(byEmail.get(email))
        .filter(account -> !account.disabled())
        .isPresent();
  }

  /** Empty when the account is gone meanwhile. */
  public Optional<Account> update(Account account, UnaryOperator<Account> change) {
    return Optional.ofNullable(
        byEmail.computeIfPresent(
            account.email(),
            (email, now) -> now.uniqueId().equals(account.uniqueId()) ? change.apply(now) : now));
  }

  public synchronized void delete(Account account, Instant at) {
    byEmail.remove(account.email());
    emails.remove(account.uniqueId());
    deleted.put(account.uniqueId(), new DeletedAccount(account, at));
  }

  public Optional<DeletedAccount> findDeleted(String uniqueId) {
    return Optional.ofNullable(deleted.get(uniqueId));
  }

  /** False when a new account has taken the email. */
  public synchronized boolean restore(Account account) {
    boolean added = add(account);
    if (added) {
      deleted.remove(account.uniqueId());
    }
    return added;
  }

  private synchronized boolean add(Account account) {
    if (byEmail.putIfAbsent(account.email(), account) != null) {
      return false;
    }
    emails.put(account.uniqueId(), account.email());
    return true;
  }

  /** Google's are 21 digits too; these also tell the order of creation. */
  private String nextUniqueId() {
    return String.format(Locale.ROOT, "1%020d", created.incrementAndGet());
  }
}
