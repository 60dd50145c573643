package io.github.shortlived.testing;

import java.time.Instant;

/** A key together with what its certificate tells: whose it is and since when. */
record PublishedKey(SigningKey key, String owner, Instant createdAt) {
  String id() {
    return key.id();
  }
}
