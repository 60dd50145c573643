package io.github.shortlived.model;

import io.github.shortlived.internal.text.Arguments;
import io.github.shortlived.internal.text.Phrases;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * A request for a downscoped token: an access token of the target that is limited to some Cloud
 * Storage buckets, for code that must not have all permissions of the target. The Security Token
 * Service issues it in exchange for an access token of the target, with which it expires.
 * Immutable; methods that change an option return a copy.
 *
 * @see <a href="https://cloud.google.com/iam/docs/downscoping-short-lived-credentials">Restrict a
 *     credential's Cloud Storage permissions</a>
 */
public final class DownscopedTokenRequest extends TokenRequest<AccessToken> {
  private static final int MOST_RULES = 10;

  private final AccessTokenRequest accessToken;
  private final List<AccessBoundaryRule> rules;

  private DownscopedTokenRequest(
      AccessTokenRequest accessToken, List<AccessBoundaryRule> rules, long minimumValidityMillis) {
    super(accessToken.target(), minimumValidityMillis, accessToken, rules);
    this.accessToken = accessToken;
    this.rules = rules;
  }

  /**
   * {@return a request for a token with the scope {@link Scopes#CLOUD_PLATFORM} and a lifetime of 1
   * hour}
   *
   * @param rules 1 to 10; the token has the permissions that any of them makes available
   */
  public static DownscopedTokenRequest of(Target target, AccessBoundaryRule... rules) {
    return of(AccessTokenRequest.of(target, Scopes.CLOUD_PLATFORM), rules);
  }

  /**
   * {@return a request for a token with the target, scopes and lifetime of this request}
   *
   * @param rules as for {@link #of(Target, AccessBoundaryRule...)}
   */
  public static DownscopedTokenRequest of(
      AccessTokenRequest accessToken, AccessBoundaryRule... rules) {
    return of(accessToken, Arguments.copy(rules, "rules"));
  }

  /** {@return the same as {@link #of(AccessTokenRequest, AccessBoundaryRule...)}} */
  public static DownscopedTokenRequest of(
      AccessTokenRequest accessToken, Collection<AccessBoundaryRule> rules) {
    Objects.requireNonNull(accessToken, "accessToken");
    List<AccessBoundaryRule> copy = Arguments.copy(rules, "rules");
    Checks.request(
        !copy.isEmpty() && copy.size() <= MOST_RULES,
        "rules",
        copy.isEmpty() ? "none" : copy.size() + " rules",
        "a credential access boundary has 1 to %d rules".formatted(MOST_RULES),
        copy.isEmpty() ? "add a rule for a bucket" : "request several tokens");
    return new DownscopedTokenRequest(
        accessToken.with(ANY), copy, accessToken.minimumValidityMillis());
  }

  /** {@return the same request for other scopes} */
  public DownscopedTokenRequest withScopes(Collection<String> scopes) {
    return new DownscopedTokenRequest(
        accessToken.withScopes(scopes), rules, minimumValidityMillis());
  }

  @Override
  public DownscopedTokenRequest fresh() {
    return with(FRESH);
  }

  @Override
  public DownscopedTokenRequest minimumValidity(Duration atLeast) {
    return with(checkMinimumValidity(atLeast, lifetime()));
  }

  @Override
  DownscopedTokenRequest with(long changedMinimumValidityMillis) {
    return new DownscopedTokenRequest(accessToken, rules, changedMinimumValidityMillis);
  }

  /** {@return the request for the access token that is downscoped} */
  public AccessTokenRequest accessToken() {
    return accessToken;
  }

  /** {@return the rules of the credential access boundary, 1 to 10} */
  public List<AccessBoundaryRule> rules() {
    return rules;
  }

  /** {@return the lifetime of the access token that is downscoped} */
  @Override
  public Duration lifetime() {
    return accessToken.lifetime();
  }

  @Override
  public String toString() {
    return "DownscopedTokenRequest[target=%s, scopes=%s, lifetime=%s, rules=%s%s]"
        .formatted(target(), accessToken.scopes(), Phrases.exact(lifetime()), rules, reuseText());
  }
}
