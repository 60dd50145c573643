package io.github.shortlived.model;

import io.github.shortlived.internal.text.Arguments;
import io.github.shortlived.internal.text.Secrets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An OpenID Connect ID token, signed by Google.
 *
 * @param token the secret, sent as {@code Authorization: Bearer TOKEN}
 * @param expireTime the claim {@code exp}
 */
public record IdToken(String token, Instant expireTime) implements BearerToken {
  public IdToken {
    Arguments.nonNull(token, "token");
    Arguments.nonNull(expireTime, "expireTime");
  }

  /** {@return whether both are equal; compares the secrets in constant time} */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof IdToken that
        && expireTime.equals(that.expireTime)
        && Secrets.constantTimeEquals(token, that.token);
  }

  @Override
  public String toString() {
    return "IdToken[%s, expireTime=%s]".formatted(fingerprint(), expireTime);
  }
}
