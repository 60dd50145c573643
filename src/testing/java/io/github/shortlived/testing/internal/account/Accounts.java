package io.github.shortlived.testing.internal.account;

import io.github.shortlived.testing.internal.key.KeyRing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
  private final InstantSource clock;
  private final Map<String, Account> byEmail = new ConcurrentSkipListMap<>();
  private final Map<String, String> emailsByUniqueId = new ConcurrentHashMap<>();
  private final Map<String, DeletedAccount> deleted = new ConcurrentHashMap<>();
  private final AtomicLong created = new AtomicLong();

  private volatile Duration delay = Duration.ZERO;

  public Accounts(Function<String, KeyRing> keysFor, InstantSource clock) {
    this.keysFor = keysFor;
    this.clock = clock;
  }

  /** Delays when policies and calls for credentials know the accounts that are created later. */
  public void setDelay(Duration delay) {
    this.delay = delay;
  }

  public Optional<Account> find(String emailOrUniqueId) {
    return Optional.ofNullable(byEmail.get(emailOrUniqueId))
        .or(() -> Optional.ofNullable(emailsByUniqueId.get(emailOrUniqueId)).map(byEmail::get));
  }

  /** Finds an account that policies and calls for credentials know. */
  public Optional<Account> findKnown(String emailOrUniqueId) {
    return find(emailOrUniqueId).filter(this::isKnown);
  }

  /** Returns whether policies and calls for credentials know the account. */
  public boolean isKnown(Account account) {
    return !account.knownFrom().isAfter(clock.instant());
  }

  /** Returns the accounts of a project in the order of their emails. */
  public List<Account> inProject(String projectId) {
    return byEmail.values().stream()
        .filter(account -> account.projectId().equals(projectId))
        .toList();
  }

  /** Adds a declared account, whose first system-managed key is the same in each world. */
  public void declare(AccountEmail id) {
    add(account(id, "", "", Instant.MIN));
  }

  /** Creates an account with new keys; returns empty if an account already has the email. */
  public Optional<Account> create(AccountEmail id, String displayName, String description) {
    Instant knownFrom = clock.instant().plus(delay);
    Account account = account(id, displayName, description, knownFrom);
    account.keys().startOver();
    return add(account) ? Optional.of(account) : Optional.empty();
  }

  private Account account(
      AccountEmail id, String displayName, String description, Instant knownFrom) {
    KeyRing keys = keysFor.apply(id.email());
    return new Account(id, nextUniqueId(), displayName, description, keys, knownFrom, false);
  }

  /** Returns whether a deleted account had the same email. It is a different account. */
  public boolean isSuccessor(Account account) {
    return deleted.values().stream()
        .map(DeletedAccount::account)
        .anyMatch(
            other ->
                other.email().equals(account.email())
                    && other.uniqueId().compareTo(account.uniqueId()) < 0);
  }

  /** Returns whether an account has or had this email. */
  public boolean hasExisted(String email) {
    return byEmail.containsKey(email)
        || deleted.values().stream().anyMatch(other -> other.account().email().equals(email));
  }

  /**
   * Returns whether a principal may call: a service account may only while it is active, and not in
   * place of an account that now has its email.
   */
  public boolean mayCall(Principal caller) {
    return !caller.isServiceAccount()
        || active(caller.email())
            .filter(account -> account.uniqueId().equals(caller.uniqueId()))
            .isPresent();
  }

  /** Returns whether the account exists and is enabled. */
  public boolean isActive(String email) {
    return active(email).isPresent();
  }

  private Optional<Account> active(String email) {
    return Optional.ofNullable(byEmail.get(email)).filter(account -> !account.disabled());
  }

  /** Changes an account; returns empty if it was deleted in the meantime. */
  public Optional<Account> update(Account account, UnaryOperator<Account> change) {
    return Optional.ofNullable(
        byEmail.computeIfPresent(
            account.email(),
            (email, now) -> now.uniqueId().equals(account.uniqueId()) ? change.apply(now) : now));
  }

  public synchronized void delete(Account account, Instant at) {
    byEmail.remove(account.email());
    emailsByUniqueId.remove(account.uniqueId());
    deleted.put(account.uniqueId(), new DeletedAccount(account, at));
  }

  public Optional<DeletedAccount> findDeleted(String uniqueId) {
    return Optional.ofNullable(deleted.get(uniqueId));
  }

  /** Restores a deleted account; returns false if a new account has the email. */
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
    emailsByUniqueId.put(account.uniqueId(), account.email());
    return true;
  }

  /** Returns 21 digits, as Google's ids have, in the order of creation. */
  private String nextUniqueId() {
    return String.format(Locale.ROOT, "1%020d", created.incrementAndGet());
  }
}
