package io.github.shortlived.internal.text;

/**
 * The names of the IAM roles and permissions that this library uses.
 *
 * @see <a href="https://cloud.google.com/iam/docs/roles-permissions/iam">IAM roles and
 *     permissions</a>
 */
public final class IamRoles {
  /** Allows issuing all four types of credentials, and delegating. */
  public static final String TOKEN_CREATOR = "roles/iam.serviceAccountTokenCreator";

  /** Allows issuing ID tokens only. */
  public static final String OPEN_ID_TOKEN_CREATOR = "roles/iam.serviceAccountOpenIdTokenCreator";

  /** Allows a federated identity to issue access tokens and ID tokens. */
  public static final String WORKLOAD_IDENTITY_USER = "roles/iam.workloadIdentityUser";

  /** Allows attaching service accounts to resources. */
  public static final String SERVICE_ACCOUNT_USER = "roles/iam.serviceAccountUser";

  /** Allows reading and editing the policies of service accounts. */
  public static final String SERVICE_ACCOUNT_ADMIN = "roles/iam.serviceAccountAdmin";

  /** Allows creating service accounts, reading them and listing them. */
  public static final String SERVICE_ACCOUNT_CREATOR = "roles/iam.serviceAccountCreator";

  /** Allows reading the policies and keys of service accounts. */
  public static final String SERVICE_ACCOUNT_VIEWER = "roles/iam.serviceAccountViewer";

  // Permissions on a service account.
  public static final String GET_ACCOUNT = "iam.serviceAccounts.get";
  public static final String GET_ACCESS_TOKEN = "iam.serviceAccounts.getAccessToken";
  public static final String GET_OPEN_ID_TOKEN = "iam.serviceAccounts.getOpenIdToken";
  public static final String SIGN_JWT = "iam.serviceAccounts.signJwt";
  public static final String SIGN_BLOB = "iam.serviceAccounts.signBlob";
  public static final String IMPLICIT_DELEGATION = "iam.serviceAccounts.implicitDelegation";

  private IamRoles() {}
}
