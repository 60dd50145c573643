package io.github.shortlived.testing.internal.key;

import java.time.Instant;

/** A key with the owner and the creation time in its certificate. */
public record PublishedKey(SigningKey key, String owner, Instant createdAt) {
  public String id() {
    return key.id();
  }
}
