package io.github.shortlived.verify;

import io.github.shortlived.internal.text.Phrases;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.ServiceAccount;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver requires of a JWT that a service account signed: the signer, the audience, the
 * issuer, which is the signer unless another is set, and a lifetime of at most 12 hours. Immutable;
 * the methods return a copy.
 */
public final class JwtExpectation {
  private final ServiceAccount signer;
  // Null for any audience.
  private final @Nullable String audience;
  // Null for any issuer.
  private final @Nullable String issuer;
  private final Duration maximumLifetime;

  private JwtExpectation(
      ServiceAccount signer,
      @Nullable String audience,
      @Nullable String issuer,
      Duration maximumLifetime) {
    this.signer = signer;
    this.audience = audience;
    this.issuer = issuer;
    this.maximumLifetime = maximumLifetime;
  }

  /**
   * {@return an expectation of a token by this signer, for this receiver alone}
   *
   * @param signer the account whose keys are accepted, best by its email address: Google does not
   *     document where it publishes keys by unique ID
   * @param audience the receiver's own name
   * @throws CredentialException.InvalidRequest if the audience is blank
   */
  public static JwtExpectation of(ServiceAccount signer, String audience) {
    Objects.requireNonNull(signer, "signer");
    Objects.requireNonNull(audience, "audience");
    IdTokenExpectation.requireAudience(audience);
    return new JwtExpectation(signer, audience, signer.id(), JwtClaims.LONGEST_LIFETIME);
  }

  /**
   * {@return an expectation of a token by this signer, for any receiver or none} Another receiver
   * of the token can use it here: accept such tokens only if that does no harm.
   */
  public static JwtExpectation ofAnyAudience(ServiceAccount signer) {
    Objects.requireNonNull(signer, "signer");
    return new JwtExpectation(signer, null, signer.id(), JwtClaims.LONGEST_LIFETIME);
  }

  /** {@return the same expectation of another {@code iss} than the signer} */
  public JwtExpectation issuer(String issuer) {
    Objects.requireNonNull(issuer, "issuer");
    InternalExceptions.require(
        !issuer.isBlank(), "issuer", issuer, "it must not be blank", "or call anyIssuer()");
    return new JwtExpectation(signer, audience, issuer, maximumLifetime);
  }

  /** {@return the same expectation of any {@code iss} or none} The signer stays the same. */
  public JwtExpectation anyIssuer() {
    return new JwtExpectation(signer, audience, null, maximumLifetime);
  }

  /**
   * {@return the same expectation of a shorter lifetime: from {@code iat}, or from now on if the
   * token has none, to {@code exp}}
   *
   * @param lifetime more than zero, at most 12 hours
   * @throws CredentialException.InvalidRequest if it is out of range
   */
  public JwtExpectation maximumLifetime(Duration lifetime) {
    Objects.requireNonNull(lifetime, "lifetime");
    InternalExceptions.require(
        lifetime.compareTo(Duration.ZERO) > 0
            && lifetime.compareTo(JwtClaims.LONGEST_LIFETIME) <= 0,
        "maximumLifetime",
        Phrases.exact(lifetime),
        "it must be more than zero and at most 12 hours, the longest lifetime that IAM signs",
        "choose the lifetime that senders request");
    return new JwtExpectation(signer, audience, issuer, lifetime);
  }

  ServiceAccount signer() {
    return signer;
  }

  Optional<Set<String>> audiences() {
    return Optional.ofNullable(audience).map(Set::of);
  }

  Optional<Set<String>> issuers() {
    return Optional.ofNullable(issuer).map(Set::of);
  }

  Duration maximumLifetime() {
    return maximumLifetime;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JwtExpectation that
        && signer.equals(that.signer)
        && Objects.equals(audience, that.audience)
        && Objects.equals(issuer, that.issuer)
        && maximumLifetime.equals(that.maximumLifetime);
  }

  @Override
  public int hashCode() {
    return Objects.hash(signer, audience, issuer, maximumLifetime);
  }

  @Override
  public String toString() {
    return SafeText.visible(
        "JwtExpectation[signer=%s, audience=%s, issuer=%s, maximumLifetime=%s]"
            .formatted(signer, audience, issuer, Phrases.exact(maximumLifetime)));
  }
}
