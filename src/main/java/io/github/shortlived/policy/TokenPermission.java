package io.github.shortlived.policy;

import java.util.Collection;
import java.util.stream.Collectors;

/**
 * What a binding may let its member do with a service account's identity.
 *
 * @see <a href="https://cloud.google.com/iam/docs/service-account-permissions">Roles for service
 *     account authentication</a>
 */
public enum TokenPermission {
  /** Issue OAuth 2.0 access tokens. */
  ACCESS_TOKEN("getAccessToken", "access token"),
  /** Issue OpenID Connect ID tokens. */
  ID_TOKEN("getOpenIdToken", "ID token"),
  /** Sign JSON Web Tokens. */
  SIGN_JWT("signJwt", "sign JWT"),
  /** Sign anything. */
  SIGN_BLOB("signBlob", "sign blob"),
  /** Go on to the next account of a delegation chain; issues nothing by itself. */
  IMPLICIT_DELEGATION("implicitDelegation", "delegate");

  private final String verb;
  private final String words;

  TokenPermission(String verb, String words) {
    this.verb = verb;
    this.words = words;
  }

  /** {@return Google's name, such as {@code iam.serviceAccounts.getAccessToken}} */
  public String permission() {
    return "iam.serviceAccounts." + verb;
  }

  /** {@return whether it issues something: all but {@link #IMPLICIT_DELEGATION}} */
  public boolean mints() {
    return this != IMPLICIT_DELEGATION;
  }

  /** In the order in which they are declared, for a person. */
  public static String inWords(Collection<TokenPermission> permissions) {
    return permissions.stream()
        .sorted()
        .map(permission -> permission.words)
        .collect(Collectors.joining(", "));
  }
}
