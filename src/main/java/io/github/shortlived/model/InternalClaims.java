package io.github.shortlived.model;

import io.github.shortlived.internal.text.JwtPayload;
import java.time.Instant;

/** Reads {@link JwtClaims} for other packages of this library. Not part of the API; do not use. */
public final class InternalClaims {
  private InternalClaims() {}

  /** Returns the payload of a token that is signed at this time, after a check of its expiry. */
  public static JwtPayload payload(JwtClaims claims, Instant now) {
    return claims.signedAt(now);
  }
}
