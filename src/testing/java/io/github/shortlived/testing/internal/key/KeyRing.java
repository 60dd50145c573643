package io.github.shortlived.testing.internal.key;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one signer: the system-managed key, which is created on first use, the keys that it
 * replaced, and the user-managed keys in key files. Safe for concurrent use.
 */
public final class KeyRing {
  private final String owner;
  private final RsaKeyPool pool;
  private final InstantSource clock;
  private final List<PublishedKey> userManaged = new ArrayList<>();
  private final Set<String> disabled = new HashSet<>();
  private final List<PublishedKey> retired = new ArrayList<>();
  private @Nullable PublishedKey systemManaged;
  private boolean isDeclared = true;

  public KeyRing(String owner, RsaKeyPool pool, InstantSource clock) {
    this.owner = owner;
    this.pool = pool;
    this.clock = clock;
    // A key with which an earlier world signed stays published and trusted.
    this.systemManaged = pool.existingInitial(owner).map(this::published).orElse(null);
  }

  /**
   * Drops the system-managed key, for a signer that a test creates: the key belongs to a declared
   * signer of the same name.
   */
  public synchronized void startOver() {
    isDeclared = false;
    systemManaged = null;
  }

  public synchronized PublishedKey systemManaged() {
    if (systemManaged == null) {
      systemManaged = published(isDeclared ? pool.initial(owner) : pool.take());
    }
    return systemManaged;
  }

  /** Replaces the system-managed key; the old key stays published. */
  public synchronized void rotate() {
    retired.add(systemManaged());
    systemManaged = published(pool.take());
  }

  public synchronized PublishedKey addUserManaged() {
    PublishedKey key = published(pool.take());
    userManaged.add(key);
    return key;
  }

  /** Adds a user-managed key; returns empty if there are already {@code limit} keys. */
  public synchronized Optional<PublishedKey> addUserManagedUpTo(int limit) {
    return userManaged.size() < limit ? Optional.of(addUserManaged()) : Optional.empty();
  }

  public synchronized boolean isUserManaged(String keyId) {
    return userManaged.stream().anyMatch(key -> key.id().equals(keyId));
  }

  public synchronized void delete(String keyId) {
    userManaged.removeIf(key -> key.id().equals(keyId));
    disabled.remove(keyId);
  }

  public synchronized void disable(String keyId) {
    disabled.add(keyId);
  }

  public synchronized void enable(String keyId) {
    disabled.remove(keyId);
  }

  public synchronized boolean isDisabled(String keyId) {
    return disabled.contains(keyId);
  }

  /** Returns the published keys. The result includes disabled keys (unverified). */
  public synchronized List<PublishedKey> all() {
    List<PublishedKey> all = new ArrayList<>(userManaged);
    all.addAll(retired);
    Optional.ofNullable(systemManaged).ifPresent(all::add);
    return List.copyOf(all);
  }

  /** Returns a trusted key by its id. */
  public Optional<PublishedKey> find(@Nullable String keyId) {
    return trusted().stream().filter(key -> key.id().equals(keyId)).findFirst();
  }

  /** Returns the keys that are published and not disabled. */
  public List<PublishedKey> trusted() {
    return all().stream().filter(key -> !isDisabled(key.id())).toList();
  }

  private PublishedKey published(SigningKey key) {
    return new PublishedKey(key, owner, clock.instant());
  }
}
