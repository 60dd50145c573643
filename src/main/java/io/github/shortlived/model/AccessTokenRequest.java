package io.github.shortlived.model;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request for an OAuth 2.0 access token. Immutable; the methods that set something return a
 * changed copy.
 *
 * @see <a
 *     href="https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken">
 *     generateAccessToken</a>
 */
public final class AccessTokenRequest extends TokenRequest<AccessToken> {
  /**
   * The lifetime unless another is asked for, and the longest that needs no organization policy.
   */
  public static final Duration DEFAULT_LIFETIME = Duration.ofHours(1);

  /** The longest lifetime Google grants at all. */
  public static final Duration LONGEST_LIFETIME = Duration.ofHours(12);

  private static final String EXTENSION_CONSTRAINT =
      "constraints/iam.allowServiceAccountCredentialLifetimeExtension";

  private final Set<String> scopes;
  private final Duration lifetime;
  private final int hash;

  private AccessTokenRequest(Target target, Set<String> scopes, Duration lifetime, Reuse reuse) {
    super(target, reuse);
    this.scopes = scopes;
    this.lifetime = lifetime;
    this.hash = Objects.hash(target, scopes, lifetime);
  }

  /**
   * Asks for a token with these scopes that lives {@link #DEFAULT_LIFETIME}.
   *
   * @throws CredentialException.InvalidRequest if there is no scope or one is malformed
   */
  public static AccessTokenRequest of(Target target, String... scopes) {
    return of(target, List.of(scopes));
  }

  /**
   * Asks for a token with these scopes that lives {@link #DEFAULT_LIFETIME}.
   *
   * @throws CredentialException.InvalidRequest if there is no scope or one is malformed
   */
  public static AccessTokenRequest of(Target target, Collection<String> scopes) {
    return new AccessTokenRequest(target, Scopes.checked(scopes), DEFAULT_LIFETIME, Reuse.ANY);
  }

  /**
   * Asks for a shorter lifetime: 1 second to 1 hour, in whole seconds.
   *
   * @throws CredentialException.InvalidRequest if it is outside that range, or if the target is
   *     {@link Target#self()}, whose tokens live as long as Google decides
   */
  public AccessTokenRequest lifetime(Duration lifetime) {
    return withLifetime(
        lifetime,
        DEFAULT_LIFETIME,
        "it is 1 second to 1 hour, in whole seconds",
        "for up to 12 hours call lifetimeExtendedByOrgPolicy, which needs " + EXTENSION_CONSTRAINT);
  }

  /**
   * Asks for a lifetime of up to 12 hours, in whole seconds. More than 1 hour is granted only where
   * the organization policy {@code constraints/iam.allowServiceAccountCredentialLifetimeExtension}
   * lists the target; elsewhere the request is refused.
   *
   * @throws CredentialException.InvalidRequest if it is outside 1 second to 12 hours, or if the
   *     target is {@link Target#self()}
   */
  public AccessTokenRequest lifetimeExtendedByOrgPolicy(Duration lifetime) {
    return withLifetime(
        lifetime,
        LONGEST_LIFETIME,
        "it is 1 second to 12 hours, in whole seconds, where the organization policy "
            + EXTENSION_CONSTRAINT
            + " lists the target",
        "ask for a new token when this one expires");
  }

  /** The same request for other scopes. */
  public AccessTokenRequest withScopes(Collection<String> others) {
    return new AccessTokenRequest(target(), Scopes.checked(others), lifetime, reuse());
  }

  private AccessTokenRequest withLifetime(Duration wanted, Duration most, String rule, String fix) {
    Checks.request(
        !(target() instanceof Target.Self),
        "lifetime",
        wanted.toString(),
        "the source's own token lives as long as Google decides, about 1 hour",
        "name the source's service account as target to choose the lifetime");
    return new AccessTokenRequest(
        target(), scopes, Checks.lifetime(wanted, most, rule, fix), reuse().within(wanted));
  }

  @Override
  public AccessTokenRequest fresh() {
    return with(Reuse.FRESH);
  }

  @Override
  public AccessTokenRequest minimumValidity(Duration atLeast) {
    return with(Reuse.atLeast(atLeast, lifetime));
  }

  @Override
  public AccessTokenRequest cacheKey() {
    return reuse().isAny() ? this : with(Reuse.ANY);
  }

  private AccessTokenRequest with(Reuse reuse) {
    return new AccessTokenRequest(target(), scopes, lifetime, reuse);
  }

  /** {@return the OAuth 2.0 scopes of the token, at least one} */
  public Set<String> scopes() {
    return scopes;
  }

  /** {@return how long the token shall live: 1 second to 12 hours} */
  @Override
  public Duration lifetime() {
    return lifetime;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AccessTokenRequest that
        && target().equals(that.target())
        && scopes.equals(that.scopes)
        && lifetime.equals(that.lifetime)
        && reuse().minimumValidityMillis() == that.reuse().minimumValidityMillis();
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return "AccessTokenRequest[target=%s, scopes=%s, lifetime=%s%s]"
        .formatted(target(), scopes, lifetime, reuse().describe());
  }
}
