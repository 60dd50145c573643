package io.github.shortlived.testing.internal.key;

import java.time.Instant;

/** A key together with what its certificate tells: whose it is and since when. */
public record PublishedKey(SigningKey key, String owner, Instant createdAt) {
  public String id() {
    return key.id();
  }
}
