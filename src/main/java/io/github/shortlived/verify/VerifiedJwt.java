package io.github.shortlived.verify;

import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.model.ServiceAccount;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The claims of a JWT by a service account that {@link TokenVerification} verified: an object of
 * this type is the proof. It does not have the token. Immutable.
 */
public final class VerifiedJwt {
  private final ServiceAccount signer;
  private final @Nullable String subject;
  private final Instant expireTime;
  private final Map<String, Object> claims;

  VerifiedJwt(
      ServiceAccount signer,
      @Nullable String subject,
      Instant expireTime,
      Map<String, Object> claims) {
    this.signer = signer;
    this.subject = subject;
    this.expireTime = expireTime;
    this.claims = claims;
  }

  /** {@return the account whose key signed the token} */
  public ServiceAccount signer() {
    return signer;
  }

  /** {@return the claim {@code sub}; empty if the token has none} */
  public Optional<String> subject() {
    return Optional.ofNullable(subject);
  }

  /** {@return the claim {@code exp}} */
  public Instant expireTime() {
    return expireTime;
  }

  /**
   * {@return all claims: texts, booleans, {@code Long}s, other numbers as {@code BigDecimal}, lists
   * and maps of these}
   */
  public Map<String, Object> claims() {
    return claims;
  }

  /** {@return the signer, the names of the claims and the expiry} */
  @Override
  public String toString() {
    return "VerifiedJwt[signer=%s, claims=%s, expireTime=%s]"
        .formatted(signer, SafeText.visible(claims.keySet().toString()), expireTime);
  }
}
