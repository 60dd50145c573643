package io.github.shortlived.model;

import io.github.shortlived.internal.text.Arguments;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.internal.text.ServiceAccountEmails;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A request for an access token of a Google Workspace user, by domain-wide delegation: the user's
 * domain allows the target to act for its users. It needs no key, because IAM signs the JWT for the
 * target. Google's token endpoint decides the lifetime of the token, about 1 hour. Immutable;
 * methods that change an option return a copy.
 *
 * @see <a href="https://developers.google.com/identity/protocols/oauth2/service-account">Using
 *     OAuth 2.0 for server to server applications</a>
 */
public final class UserTokenRequest extends TokenRequest<AccessToken> {
  // A name and a domain.
  private static final Pattern EMAIL = Pattern.compile("[^\\s@]++@[^\\s@]++");

  private final String user;
  private final Set<String> scopes;

  private UserTokenRequest(
      Target target, String user, Set<String> scopes, long minimumValidityMillis) {
    super(target, minimumValidityMillis, user, scopes);
    this.user = user;
    this.scopes = scopes;
  }

  /**
   * {@return a request for a token of this user with these scopes}
   *
   * @param target the service account to which the user's domain delegates each of the scopes,
   *     named by its email address
   * @param user the user's email address
   * @param scopes at least one
   */
  public static UserTokenRequest of(Target target, String user, String... scopes) {
    return of(target, user, Arguments.copy(scopes, "scopes"));
  }

  /** {@return the same as {@link #of(Target, String, String...)}} */
  public static UserTokenRequest of(Target target, String user, Collection<String> scopes) {
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(user, "user");
    Checks.request(
        !SafeText.hasHidden(user),
        "user",
        user,
        "an email address has no invisible characters, shown here as ?",
        "type it instead of pasting it");
    Checks.request(
        EMAIL.matcher(user).matches() && !ServiceAccountEmails.isServiceAccount(user),
        "user",
        user,
        "domain-wide delegation is for the users of a Google Workspace domain",
        "pass the user's email address");
    checkNamedByEmail(target, "domain-wide delegation");
    return new UserTokenRequest(target, user, Checks.scopes(scopes), ANY);
  }

  /** {@return the same request for other scopes} */
  public UserTokenRequest withScopes(Collection<String> scopes) {
    return new UserTokenRequest(target(), user, Checks.scopes(scopes), minimumValidityMillis());
  }

  @Override
  public UserTokenRequest fresh() {
    return with(FRESH);
  }

  @Override
  public UserTokenRequest minimumValidity(Duration atLeast) {
    return with(checkMinimumValidity(atLeast, lifetime()));
  }

  @Override
  UserTokenRequest with(long changedMinimumValidityMillis) {
    return new UserTokenRequest(target(), user, scopes, changedMinimumValidityMillis);
  }

  /** {@return the user's email address} */
  public String user() {
    return user;
  }

  /** {@return the OAuth 2.0 scopes of the token, at least one} */
  public Set<String> scopes() {
    return scopes;
  }

  /** {@return 1 hour, the longest lifetime that the token endpoint issues} */
  @Override
  public Duration lifetime() {
    return AccessTokenRequest.DEFAULT_LIFETIME;
  }

  @Override
  public String toString() {
    return "UserTokenRequest[target=%s, user=%s, scopes=%s%s]"
        .formatted(target(), SafeText.visible(user), scopes, reuseText());
  }
}
