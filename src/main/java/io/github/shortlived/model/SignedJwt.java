package io.github.shortlived.model;

import io.github.shortlived.internal.text.Arguments;
import io.github.shortlived.internal.text.Secrets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A JSON Web Token signed with a service account's key (RS256).
 *
 * @param token the secret: header, claims and signature in compact form
 * @param keyId the ID of the key that signed it, as in the header {@code kid}
 * @param expireTime the claim {@code exp}
 */
public record SignedJwt(String token, String keyId, Instant expireTime)
    implements ShortLivedCredential {
  public SignedJwt {
    Arguments.nonNull(token, "token");
    Arguments.nonNull(keyId, "keyId");
    Arguments.nonNull(expireTime, "expireTime");
  }

  @Override
  public String fingerprint() {
    return Secrets.fingerprint(token);
  }

  /** {@return whether both are equal; compares the secrets in constant time} */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SignedJwt that
        && keyId.equals(that.keyId)
        && expireTime.equals(that.expireTime)
        && Secrets.constantTimeEquals(token, that.token);
  }

  @Override
  public String toString() {
    return "SignedJwt[%s, keyId=%s, expireTime=%s]".formatted(fingerprint(), keyId, expireTime);
  }
}
