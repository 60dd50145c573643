package io.github.shortlived;

import java.time.Instant;

/**
 * An OpenID Connect ID token, signed by Google.
 *
 * @param token the secret, to be sent as {@code Authorization: Bearer TOKEN}
 * @param expireTime its claim {@code exp}
 */
public record IdToken(String token, Instant expireTime) implements BearerToken {

  @Override
  public String fingerprint() {
    return Fingerprint.of(token);
  }

  @Override
  public String toString() {
    return "IdToken[%s, expireTime=%s]".formatted(fingerprint(), expireTime);
  }
}
