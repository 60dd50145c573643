package io.github.shortlived.testing;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one signer: a system-managed one, made when first used, and the user-managed ones
 * that left in key files. Safe for concurrent use.
 */
final class KeyRing {
  private final String owner;
  private final RsaKeys source;
  private final InstantSource clock;
  private final List<PublishedKey> userManaged = new ArrayList<>();
  private @Nullable PublishedKey systemManaged;

  KeyRing(String owner, RsaKeys source, InstantSource clock) {
    this.owner = owner;
    this.source = source;
    this.clock = clock;
  }

  synchronized PublishedKey systemManaged() {
    if (systemManaged == null) {
      systemManaged = newKey();
    }
    return systemManaged;
  }

  synchronized PublishedKey addUserManaged() {
    PublishedKey key = newKey();
    userManaged.add(key);
    return key;
  }

  synchronized List<PublishedKey> all() {
    List<PublishedKey> all = new ArrayList<>(userManaged);
    Optional.ofNullable(systemManaged).ifPresent(all::add);
    return List.copyOf(all);
  }

  Optional<PublishedKey> find(@Nullable String keyId) {
    return all().stream().filter(key -> key.id().equals(keyId)).findFirst();
  }

  private PublishedKey newKey() {
    return new PublishedKey(source.take(), owner, clock.instant());
  }
}
