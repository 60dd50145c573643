package io.github.shortlived.model;

import io.github.shortlived.internal.text.GoogleHosts;
import io.github.shortlived.internal.text.SafeText;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A request for a self-signed JWT: a JWT signed with a key of the target, which many Google Cloud
 * APIs accept in place of an access token. It expires after 1 hour. A service-account key signs it
 * for {@link Target#self()} without network; otherwise IAM signs it, without a key. Immutable;
 * methods that change an option return a copy.
 *
 * @see <a href="https://google.aip.dev/auth/4111">AIP-4111, Self-signed JWT</a>
 */
public final class SelfSignedJwtRequest extends TokenRequest<AccessToken> {
  private static final Duration LIFETIME = Duration.ofHours(1);
  private static final String NAME = "a self-signed JWT";

  // Empty if the JWT has scopes.
  private final String audience;
  // Empty if the JWT has an audience.
  private final Set<String> scopes;

  private SelfSignedJwtRequest(
      Target target, String audience, Set<String> scopes, long minimumValidityMillis) {
    super(target, minimumValidityMillis, audience, scopes);
    this.audience = audience;
    this.scopes = scopes;
  }

  /**
   * {@return a request for a JWT that one service accepts}
   *
   * @param target the source itself, or a service account named by its email address
   * @param audience the URL of the service with a path, such as {@code
   *     https://pubsub.googleapis.com/}
   */
  public static SelfSignedJwtRequest forAudience(Target target, String audience) {
    checkNamedByEmail(target, NAME);
    Objects.requireNonNull(audience, "audience");
    Checks.request(
        isUrlWithPath(audience),
        "audience",
        audience,
        "a self-signed JWT names the service by its https URL, which ends with a slash or a path",
        "write it as https://SERVICE.%s/".formatted(GoogleHosts.DEFAULT_UNIVERSE));
    return new SelfSignedJwtRequest(target, audience, Set.of(), ANY);
  }

  /**
   * {@return a request for a JWT with these scopes} Not every API accepts scopes in a JWT.
   *
   * @param target as for {@link #forAudience}
   * @param scopes at least one
   */
  public static SelfSignedJwtRequest forScopes(Target target, String... scopes) {
    checkNamedByEmail(target, NAME);
    return new SelfSignedJwtRequest(target, "", Checks.scopes(scopes), ANY);
  }

  /** {@return the same as {@link #forScopes(Target, String...)}} */
  public static SelfSignedJwtRequest forScopes(Target target, Collection<String> scopes) {
    checkNamedByEmail(target, NAME);
    return new SelfSignedJwtRequest(target, "", Checks.scopes(scopes), ANY);
  }

  private static boolean isUrlWithPath(String audience) {
    try {
      URI url = new URI(audience);
      return "https".equals(url.getScheme())
          && url.getHost() != null
          && url.getRawUserInfo() == null
          && url.getRawPath().startsWith("/")
          && url.getRawQuery() == null
          && url.getRawFragment() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** {@return the same request with these scopes, and without the audience if it has one} */
  public SelfSignedJwtRequest withScopes(Collection<String> scopes) {
    return new SelfSignedJwtRequest(target(), "", Checks.scopes(scopes), minimumValidityMillis());
  }

  @Override
  public SelfSignedJwtRequest fresh() {
    return with(FRESH);
  }

  @Override
  public SelfSignedJwtRequest minimumValidity(Duration atLeast) {
    return with(checkMinimumValidity(atLeast, LIFETIME));
  }

  @Override
  SelfSignedJwtRequest with(long changedMinimumValidityMillis) {
    return new SelfSignedJwtRequest(target(), audience, scopes, changedMinimumValidityMillis);
  }

  /** {@return the service that accepts the JWT; empty if it has scopes} */
  public Optional<String> audience() {
    return Optional.of(audience).filter(url -> !url.isEmpty());
  }

  /** {@return the OAuth 2.0 scopes of the JWT; empty if it has an audience} */
  public Set<String> scopes() {
    return scopes;
  }

  /** {@return 1 hour, the longest that Google's APIs accept} */
  @Override
  public Duration lifetime() {
    return LIFETIME;
  }

  @Override
  public String toString() {
    return "SelfSignedJwtRequest[target=%s, %s%s]"
        .formatted(
            target(),
            audience.isEmpty() ? "scopes=" + scopes : "audience=" + SafeText.visible(audience),
            reuseText());
  }
}
