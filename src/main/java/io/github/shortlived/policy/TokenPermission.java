package io.github.shortlived.policy;

import io.github.shortlived.internal.text.IamRoles;

/**
 * A permission to use the identity of a service account.
 *
 * @see <a href="https://cloud.google.com/iam/docs/service-account-permissions">Roles for service
 *     account authentication</a>
 */
public enum TokenPermission {
  /** Allows issuing OAuth 2.0 access tokens. */
  ACCESS_TOKEN(IamRoles.GET_ACCESS_TOKEN, "access token"),
  /** Allows issuing OpenID Connect ID tokens. */
  ID_TOKEN(IamRoles.GET_OPEN_ID_TOKEN, "ID token"),
  /** Allows signing JSON Web Tokens. */
  SIGN_JWT(IamRoles.SIGN_JWT, "sign JWT"),
  /** Allows signing any bytes. */
  SIGN_BLOB(IamRoles.SIGN_BLOB, "sign blob"),
  /** Allows delegating to the next account of a delegation chain; issues no credential. */
  IMPLICIT_DELEGATION(IamRoles.IMPLICIT_DELEGATION, "delegate");

  private final String permission;
  private final String label;

  TokenPermission(String permission, String label) {
    this.permission = permission;
    this.label = label;
  }

  /** {@return Google's name, such as {@code iam.serviceAccounts.getAccessToken}} */
  public String permission() {
    return permission;
  }

  /** {@return a short name for people, such as {@code access token}} */
  public String label() {
    return label;
  }

  /** {@return whether it allows issuing a credential: all but {@link #IMPLICIT_DELEGATION}} */
  public boolean issuesCredentials() {
    return this != IMPLICIT_DELEGATION;
  }
}
