package io.github.shortlived.model;

import io.github.shortlived.internal.text.SafeText;
import java.time.Duration;
import java.util.Objects;

/**
 * A request for an OpenID Connect ID token. Immutable; methods that change an option return a copy.
 *
 * @see <a
 *     href="https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateIdToken">
 *     generateIdToken</a>
 */
public final class IdTokenRequest extends TokenRequest<IdToken> {
  private static final Duration LIFETIME = Duration.ofHours(1);

  private final String audience;
  private final boolean includeEmail;

  private IdTokenRequest(
      Target target, String audience, boolean includeEmail, long minimumValidityMillis) {
    super(target, minimumValidityMillis, audience, includeEmail);
    this.audience = audience;
    this.includeEmail = includeEmail;
  }

  /**
   * {@return a request for a token with this audience, without the email address}
   *
   * @param audience the receiver, usually the URL of a service; not blank
   */
  public static IdTokenRequest of(Target target, String audience) {
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(audience, "audience");
    Checks.request(
        !audience.isBlank(),
        "audience",
        audience,
        "an ID token is issued for one audience",
        "pass the URL of the receiving service, such as https://orders.example.com");
    return new IdTokenRequest(target, audience, false, ANY);
  }

  /** {@return the same request with the claims {@code email} and {@code email_verified}} */
  public IdTokenRequest withEmail() {
    return new IdTokenRequest(target(), audience, true, minimumValidityMillis());
  }

  /** {@return the same request for another target} */
  public IdTokenRequest withTarget(Target target) {
    return new IdTokenRequest(target, audience, includeEmail, minimumValidityMillis());
  }

  @Override
  public IdTokenRequest fresh() {
    return with(FRESH);
  }

  @Override
  public IdTokenRequest minimumValidity(Duration atLeast) {
    return with(checkMinimumValidity(atLeast, LIFETIME));
  }

  @Override
  IdTokenRequest with(long changedMinimumValidityMillis) {
    return new IdTokenRequest(target(), audience, includeEmail, changedMinimumValidityMillis);
  }

  /** {@return 1 hour, which cannot be changed} */
  @Override
  public Duration lifetime() {
    return LIFETIME;
  }

  /** {@return the receiver of the token} */
  public String audience() {
    return audience;
  }

  /**
   * {@return whether the token contains the account's email address} The source's own tokens may
   * contain it anyway.
   */
  public boolean includeEmail() {
    return includeEmail;
  }

  @Override
  public String toString() {
    return "IdTokenRequest[target=%s, audience=%s, includeEmail=%s%s]"
        .formatted(target(), SafeText.visible(audience), includeEmail, reuseText());
  }
}
