package io.github.shortlived.testing.internal.key;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one signer: a system-managed one, made when first used, those it replaced, and the
 * user-managed ones that left in key files. Safe for concurrent use.
 */
public final class KeyRing {
  private final String owner;
  private final RsaKeyPool source;
  private final InstantSource clock;
  private final List<PublishedKey> userManaged = new ArrayList<>();
  private final Set<String> disabled = new HashSet<>();
  private final List<PublishedKey> retired = new ArrayList<>();
  private @Nullable PublishedKey systemManaged;
  private boolean isSuccessor;

  public KeyRing(String owner, RsaKeyPool source, InstantSource clock) {
    this.owner = owner;
    this.source = source;
    this.clock = clock;
    // What a world before this one signed with stays published and trusted.
    this.systemManaged = source.originalSoFar(owner).map(this::published).orElse(null);
  }

  /** Leaves what an earlier signer of the same name signed with to that one. */
  public synchronized void startOver() {
    isSuccessor = true;
    systemManaged = null;
  }

  public synchronized PublishedKey systemManaged() {
    if (systemManaged == null) {
      systemManaged = published(isSuccessor ? source.take() : source.original(owner));
    }
    return systemManaged;
  }

  /** Signs with another key from now on; the one before stays published. */
  public synchronized void rotate() {
    retired.add(systemManaged());
    systemManaged = published(source.take());
  }

  public synchronized PublishedKey addUserManaged() {
    PublishedKey key = published(source.take());
    userManaged.add(key);
    return key;
  }

  /** Empty when there are as many already. */
  public synchronized Optional<PublishedKey> addUserManagedUpTo(int most) {
    return userManaged.size() < most ? Optional.of(addUserManaged()) : Optional.empty();
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

  /** Those that are published; that disabled ones still are is unverified. */
  public synchronized List<PublishedKey> all() {
    List<PublishedKey> all = new ArrayList<>(userManaged);
    all.addAll(retired);
    Optional.ofNullable(systemManaged).ifPresent(all::add);
    return List.copyOf(all);
  }

  /** A key whose signatures count now. */
  public Optional<PublishedKey> find(@Nullable String keyId) {
    return trusted().stream().filter(key -> key.id().equals(keyId)).findFirst();
  }

  /** Those whose signatures count now: published and not disabled. */
  public List<PublishedKey> trusted() {
    return all().stream().filter(key -> !isDisabled(key.id())).toList();
  }

  private PublishedKey published(SigningKey key) {
    return new PublishedKey(key, owner, clock.instant());
  }
}
