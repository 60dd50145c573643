package io.github.shortlived.internal.text;

import java.time.Instant;

/**
 * The claims of a JSON Web Token to sign.
 *
 * @param json the claims as JSON
 * @param expiry the claim {@code exp}
 */
public record JwtPayload(String json, Instant expiry) {
  @Override
  public String toString() {
    return "JwtPayload[%s, expiry=%s]".formatted(Secrets.fingerprint(json), expiry);
  }
}
