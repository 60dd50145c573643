package io.github.shortlived;

import java.time.Instant;

/**
 * An OAuth 2.0 access token.
 *
 * @param token the secret, to be sent as {@code Authorization: Bearer TOKEN}
 * @param expireTime when Google stops accepting it
 */
public record AccessToken(String token, Instant expireTime) implements BearerToken {

  @Override
  public String fingerprint() {
    return Fingerprint.of(token);
  }

  @Override
  public String toString() {
    return "AccessToken[%s, expireTime=%s]".formatted(fingerprint(), expireTime);
  }
}
