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

  private static final int EMAIL = 1;
  private static final int ORGANIZATION_NUMBER = 2;

  private final String audience;
  // The sum of these flags: a small number is boxed without an allocation.
  private final int included;

  private IdTokenRequest(Target target, String audience, int included, long minimumValidityMillis) {
    super(target, minimumValidityMillis, audience, included);
    this.audience = audience;
    this.included = included;
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
    Checks.wellFormed("audience", audience);
    return new IdTokenRequest(target, audience, 0, ANY);
  }

  /** {@return the same request with the claims {@code email} and {@code email_verified}} */
  public IdTokenRequest withEmail() {
    return including(EMAIL);
  }

  /**
   * {@return the same request with the claim {@code google}, which contains the number of the
   * organization to which the account belongs} Only IAM adds it, and only over HTTP/JSON: the
   * request is refused over gRPC, and for the own tokens of a key or of a machine.
   */
  public IdTokenRequest withOrganizationNumber() {
    return including(ORGANIZATION_NUMBER);
  }

  private IdTokenRequest including(int flag) {
    return new IdTokenRequest(target(), audience, included | flag, minimumValidityMillis());
  }

  /** {@return the same request for another target} */
  public IdTokenRequest withTarget(Target target) {
    return new IdTokenRequest(target, audience, included, minimumValidityMillis());
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
    return new IdTokenRequest(target(), audience, included, changedMinimumValidityMillis);
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
    return (included & EMAIL) != 0;
  }

  /** {@return whether the token contains the number of the account's organization} */
  public boolean organizationNumberIncluded() {
    return (included & ORGANIZATION_NUMBER) != 0;
  }

  @Override
  public String toString() {
    return "IdTokenRequest[target=%s, audience=%s, includeEmail=%s%s%s]"
        .formatted(
            target(),
            SafeText.visible(audience),
            includeEmail(),
            organizationNumberIncluded() ? ", organizationNumberIncluded=true" : "",
            reuseText());
  }
}
