package io.github.shortlived.model;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request for an OpenID Connect ID token. Immutable; the methods that set something return a
 * changed copy.
 *
 * @see <a
 *     href="https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateIdToken">
 *     generateIdToken</a>
 */
public final class IdTokenRequest extends TokenRequest<IdToken> {
  private static final Duration LIFETIME = Duration.ofHours(1);

  private final String audience;
  private final boolean includeEmail;
  private final int hash;

  private IdTokenRequest(Target target, String audience, boolean includeEmail, Reuse reuse) {
    super(target, reuse);
    this.audience = audience;
    this.includeEmail = includeEmail;
    this.hash = Objects.hash(target, audience, includeEmail);
  }

  /**
   * Asks for a token for this audience, without the email. No network call is made.
   *
   * @param target whose token is asked for
   * @param audience who shall accept it: usually the URL of the receiving service; not blank
   * @throws CredentialException.InvalidRequest if the audience is blank
   */
  public static IdTokenRequest of(Target target, String audience) {
    Checks.request(
        !audience.isBlank(),
        "audience",
        audience,
        "an ID token is issued for one audience",
        "pass the URL of the service that shall accept it, such as https://orders.example.com");
    return new IdTokenRequest(target, audience, false, Reuse.ANY);
  }

  /**
   * {@return the same request for a token that carries the claims {@code email} and {@code
   * email_verified}}
   */
  public IdTokenRequest withEmail() {
    return new IdTokenRequest(target(), audience, true, reuse());
  }

  @Override
  public IdTokenRequest fresh() {
    return with(Reuse.FRESH);
  }

  @Override
  public IdTokenRequest minimumValidity(Duration atLeast) {
    return with(Reuse.atLeast(atLeast, LIFETIME));
  }

  @Override
  public IdTokenRequest cacheKey() {
    return reuse().isAny() ? this : with(Reuse.ANY);
  }

  /** The same of another. */
  public IdTokenRequest to(Target other) {
    return new IdTokenRequest(other, audience, includeEmail, reuse());
  }

  private IdTokenRequest with(Reuse reuse) {
    return new IdTokenRequest(target(), audience, includeEmail, reuse);
  }

  /** {@return 1 hour: Google lets nobody choose} */
  @Override
  public Duration lifetime() {
    return LIFETIME;
  }

  /** {@return who shall accept the token} */
  public String audience() {
    return audience;
  }

  /**
   * {@return whether the token carries the account's email address; the source's own tokens may
   * carry it anyway}
   */
  public boolean includeEmail() {
    return includeEmail;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof IdTokenRequest that
        && target().equals(that.target())
        && audience.equals(that.audience)
        && includeEmail == that.includeEmail
        && reuse().minimumValidityMillis() == that.reuse().minimumValidityMillis();
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return "IdTokenRequest[target=%s, audience=%s, includeEmail=%s%s]"
        .formatted(target(), audience, includeEmail, reuse().describe());
  }
}
