package io.github.shortlived.model;

import io.github.shortlived.internal.text.Secrets;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An OAuth 2.0 access token, or a self-signed JWT that APIs accept in place of one.
 *
 * @param token the secret, sent as {@code Authorization: Bearer TOKEN}
 * @param expireTime the time after which Google no longer accepts it
 */
public record AccessToken(String token, Instant expireTime) implements BearerToken {
  public AccessToken {
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(expireTime, "expireTime");
  }

  /** {@return whether both are equal; compares the secrets in constant time} */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AccessToken that
        && expireTime.equals(that.expireTime)
        && Secrets.constantTimeEquals(token, that.token);
  }

  @Override
  public String toString() {
    return "AccessToken[%s, expireTime=%s]".formatted(fingerprint(), expireTime);
  }
}
