package io.github.shortlived.verify;

import io.github.shortlived.internal.text.SafeText;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The claims of an ID token that {@link TokenVerification} verified: an object of this type is the
 * proof. It does not have the token. Immutable.
 */
public final class VerifiedIdToken {
  private final String audience;
  private final String subject;
  private final @Nullable String email;
  private final Instant issueTime;
  private final Instant expireTime;
  private final Map<String, Object> claims;

  VerifiedIdToken(
      String audience,
      String subject,
      @Nullable String email,
      Instant issueTime,
      Instant expireTime,
      Map<String, Object> claims) {
    this.audience = audience;
    this.subject = subject;
    this.email = email;
    this.issueTime = issueTime;
    this.expireTime = expireTime;
    this.claims = claims;
  }

  /** {@return the claim {@code aud}, which is one of the expected audiences} */
  public String audience() {
    return audience;
  }

  /**
   * {@return the claim {@code sub}: the unique ID of the service account or user, which never
   * belongs to another; for Identity-Aware Proxy with a prefix}
   */
  public String subject() {
    return subject;
  }

  /**
   * {@return the email address; empty if the token has none, or one that Google did not verify}
   * Addresses can be given to another account, unlike the {@link #subject()}.
   */
  public Optional<String> email() {
    return Optional.ofNullable(email);
  }

  /** {@return the claim {@code iat}} */
  public Instant issueTime() {
    return issueTime;
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

  /** {@return the subject, the audience and the expiry} */
  @Override
  public String toString() {
    return "VerifiedIdToken[subject=%s, audience=%s, expireTime=%s]"
        .formatted(SafeText.visible(subject), SafeText.visible(audience), expireTime);
  }
}
