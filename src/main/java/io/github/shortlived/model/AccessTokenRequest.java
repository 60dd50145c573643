package io.github.shortlived.model;

import io.github.shortlived.internal.text.Phrases;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;

/**
 * A request for an OAuth 2.0 access token. Immutable; methods that change an option return a copy.
 *
 * @see <a
 *     href="https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken">
 *     generateAccessToken</a>
 */
public final class AccessTokenRequest extends TokenRequest<AccessToken> {
  /** The default lifetime, and the longest one that needs no organization policy. */
  public static final Duration DEFAULT_LIFETIME = Duration.ofHours(1);

  /** The longest lifetime that an organization policy can allow. */
  public static final Duration LONGEST_LIFETIME = Duration.ofHours(12);

  private static final String EXTENSION_CONSTRAINT =
      "constraints/iam.allowServiceAccountCredentialLifetimeExtension";

  private final Set<String> scopes;
  private final Duration lifetime;

  private AccessTokenRequest(
      Target target, Set<String> scopes, Duration lifetime, long minimumValidityMillis) {
    super(target, minimumValidityMillis, scopes, lifetime);
    this.scopes = scopes;
    this.lifetime = lifetime;
  }

  /** {@return a request for these scopes, at least one, with the {@link #DEFAULT_LIFETIME}} */
  public static AccessTokenRequest of(Target target, String... scopes) {
    return new AccessTokenRequest(target, Checks.scopes(scopes), DEFAULT_LIFETIME, ANY);
  }

  /** {@return the same as {@link #of(Target, String...)}} */
  public static AccessTokenRequest of(Target target, Collection<String> scopes) {
    return new AccessTokenRequest(target, Checks.scopes(scopes), DEFAULT_LIFETIME, ANY);
  }

  /**
   * {@return the same request with another lifetime: 1 second to 1 hour, in whole seconds} Invalid
   * for {@link Target#self()}, because Google decides the lifetime of its tokens.
   */
  public AccessTokenRequest lifetime(Duration lifetime) {
    return withLifetime(
        lifetime,
        DEFAULT_LIFETIME,
        "it must be from 1 second to 1 hour, in whole seconds",
        "for up to 12 hours call lifetimeExtendedByOrgPolicy, which needs " + EXTENSION_CONSTRAINT);
  }

  /**
   * {@return as {@link #lifetime}, for 1 second to 12 hours} Google rejects more than 1 hour unless
   * the organization policy {@code constraints/iam.allowServiceAccountCredentialLifetimeExtension}
   * lists the target.
   */
  public AccessTokenRequest lifetimeExtendedByOrgPolicy(Duration lifetime) {
    return withLifetime(
        lifetime,
        LONGEST_LIFETIME,
        "it must be from 1 second to 12 hours, in whole seconds, if the organization policy "
            + EXTENSION_CONSTRAINT
            + " lists the target",
        "request a new token when this one expires");
  }

  /** {@return the same request for other scopes} */
  public AccessTokenRequest withScopes(Collection<String> scopes) {
    return new AccessTokenRequest(
        target(), Checks.scopes(scopes), lifetime, minimumValidityMillis());
  }

  private AccessTokenRequest withLifetime(Duration wanted, Duration most, String rule, String fix) {
    Objects.requireNonNull(wanted, "lifetime");
    Checks.request(
        !(target() instanceof Target.Self),
        "lifetime",
        Phrases.exact(wanted),
        "Google decides the lifetime of the source's own token, about 1 hour",
        "to choose the lifetime, use the source's service account as target");
    Checks.lifetime(wanted, most, rule, fix);
    AccessTokenRequest changed =
        new AccessTokenRequest(target(), scopes, wanted, minimumValidityMillis());
    return isFresh()
        ? changed
        : changed.minimumValidity(Duration.ofMillis(minimumValidityMillis()));
  }

  @Override
  public AccessTokenRequest fresh() {
    return with(FRESH);
  }

  @Override
  public AccessTokenRequest minimumValidity(Duration atLeast) {
    return with(checkMinimumValidity(atLeast, lifetime));
  }

  @Override
  AccessTokenRequest with(long changedMinimumValidityMillis) {
    return new AccessTokenRequest(target(), scopes, lifetime, changedMinimumValidityMillis);
  }

  /** {@return the OAuth 2.0 scopes of the token, at least one} */
  public Set<String> scopes() {
    return scopes;
  }

  /** {@return the requested lifetime: 1 second to 12 hours} */
  @Override
  public Duration lifetime() {
    return lifetime;
  }

  @Override
  public String toString() {
    return "AccessTokenRequest[target=%s, scopes=%s, lifetime=%s%s]"
        .formatted(target(), scopes, Phrases.exact(lifetime), reuseText());
  }
}
