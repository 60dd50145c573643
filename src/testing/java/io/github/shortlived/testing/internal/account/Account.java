package io.github.shortlived.testing.internal.account;

import io.github.shortlived.testing.internal.key.KeyFile;
import io.github.shortlived.testing.internal.key.KeyRing;
import io.github.shortlived.testing.internal.key.PublishedKey;
import java.net.URI;

/** A service account and its keys. */
public record Account(
    AccountEmail id,
    String uniqueId,
    String displayName,
    String description,
    KeyRing keys,
    boolean disabled) {

  public Account withDisabled(boolean value) {
    return new Account(id, uniqueId, displayName, description, keys, value);
  }

  public Account withDisplayName(String value) {
    return new Account(id, uniqueId, value, description, keys, disabled);
  }

  public Account withDescription(String value) {
    return new Account(id, uniqueId, displayName, value, keys, disabled);
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
