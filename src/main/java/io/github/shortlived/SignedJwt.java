package io.github.shortlived;

import java.time.Instant;

/**
 * A JSON Web Token signed with a service account's key (RS256).
 *
 * @param token the secret: header, claims and signature in compact form
 * @param keyId the key that signed, as in the token's header {@code kid}
 * @param expireTime its claim {@code exp}
 */
public record SignedJwt(String token, String keyId, Instant expireTime)
    implements ShortLivedCredential {

  @Override
  public String fingerprint() {
    return Fingerprint.of(token);
  }

  @Override
  public String toString() {
    return "SignedJwt[%s, keyId=%s, expireTime=%s]".formatted(fingerprint(), keyId, expireTime);
  }
}
