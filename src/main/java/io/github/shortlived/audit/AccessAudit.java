package io.github.shortlived.audit;

import io.github.shortlived.InternalCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.internal.policy.AccountPolicies;
import io.github.shortlived.internal.text.Arguments;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Objects;

/**
 * Reads the policies of service accounts and reports who can issue which credentials. Writes
 * nothing.
 *
 * <p>The caller needs {@code iam.serviceAccounts.getIamPolicy} on the accounts, as in {@code
 * roles/iam.serviceAccountViewer}. Policies of projects, folders and the organization are not read.
 * Thread-safe. Calls block. After {@link #close()} calls throw {@link IllegalStateException}.
 *
 * @see <a
 *     href="https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts/getIamPolicy">
 *     getIamPolicy</a>
 */
public final class AccessAudit implements AutoCloseable {
  private final AccountPolicies policies;
  private final InstantSource clock;

  private AccessAudit(AccountPolicies policies, InstantSource clock) {
    this.policies = policies;
    this.clock = clock;
  }

  /**
   * Creates an audit that reads policies with the Application Default Credentials.
   *
   * @throws CredentialException.SourceCredentials if there are none
   */
  public static AccessAudit create() {
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      return using(credentials);
    }
  }

  /**
   * Creates an audit that reads policies as the caller of these credentials, with their endpoints,
   * retry policy and clock. Closing one does not close the other.
   */
  public static AccessAudit using(ShortLivedCredentials credentials) {
    Objects.requireNonNull(credentials, "credentials");
    return new AccessAudit(
        AccountPolicies.connect(InternalCredentials.context(credentials)), credentials.clock());
  }

  /**
   * Reads the policy of the account and lists who can issue which of its credentials.
   *
   * @throws CredentialException if the policy cannot be read
   */
  public AccountAccess audit(ServiceAccount account) {
    Objects.requireNonNull(account, "account");
    return access(account, clock.instant());
  }

  /**
   * Finds the paths on which the caller can issue credentials of the target: directly, and along
   * delegation chains through these accounts. Returns at most the shortest 100. Reads each policy
   * once. If access to a policy is denied or its account does not exist, the result lists the
   * account, and the search continues.
   *
   * @param accounts the accounts that chains may pass, in any order, named by email address; may
   *     include the caller and the target
   * @throws CredentialException.InvalidRequest if policies cannot grant anything to the caller
   * @throws CredentialException if the policy of the target cannot be read, or if reading another
   *     policy fails for another reason
   */
  public AccessPaths findAccessPaths(
      Member caller, ServiceAccount target, Collection<ServiceAccount> accounts) {
    Objects.requireNonNull(caller, "caller");
    Objects.requireNonNull(target, "target");
    Collection<ServiceAccount> copy = Arguments.copy(accounts, "accounts");
    Instant now = clock.instant();
    return new PathAudit(account -> access(account, now), caller, target, copy).run(now);
  }

  private AccountAccess access(ServiceAccount account, Instant now) {
    return AccountAccess.of(account, now, policies.bindings(account));
  }

  /** Closes the connection. */
  @Override
  public void close() {
    policies.close();
  }

  /** {@return the caller, endpoints other than Google's, and whether it is closed; no call} */
  @Override
  public String toString() {
    return policies.describe(getClass());
  }
}
