package io.github.shortlived.testing.internal.account;

import io.github.shortlived.testing.internal.key.KeyFile;
import io.github.shortlived.testing.internal.key.KeyRing;
import io.github.shortlived.testing.internal.key.PublishedKey;
import java.net.URI;
import java.time.Instant;

/**
 * A service account and its keys.
 *
 * @param knownFrom when policies and calls for credentials begin to know the account
 */
public record Account(
    AccountEmail id,
    String uniqueId,
    String displayName,
    String description,
    KeyRing keys,
    Instant knownFrom,
    boolean disabled) {

  public Account withDisabled(boolean value) {
    return new Account(id, uniqueId, displayName, description, keys, knownFrom, value);
  }

  public Account withDisplayName(String value) {
    return new Account(id, uniqueId, value, description, keys, knownFrom, disabled);
  }

  public Account withDescription(String value) {
    return new Account(id, uniqueId, displayName, value, keys, knownFrom, disabled);
  }

  public String email() {
    return id.email();
  }

  public String projectId() {
    return id.projectId();
  }

  /** Returns the key file with one of the account's private keys. */
  public String keyFile(PublishedKey key, URI tokenUri) {
    return KeyFile.json(projectId(), uniqueId, key, tokenUri);
  }

  public Principal principal() {
    return Principal.serviceAccount(email(), uniqueId);
  }

  public Resource resource() {
    return id.resource();
  }
}
