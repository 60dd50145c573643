package io.github.shortlived.diagnosis;

import io.github.shortlived.InternalCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.audit.AccessAudit;
import io.github.shortlived.internal.client.Description;
import io.github.shortlived.internal.policy.ProbeRequests;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.Target;
import io.github.shortlived.policy.TokenPermission;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Finds out why a credential is refused. A diagnosis requests the credential and, if it is refused,
 * one of each account in the chain; then it reads the policies of these accounts where it may. It
 * changes nothing and discards the credentials. It needs no permission besides those that it tests,
 * but {@code iam.serviceAccounts.getIamPolicy} improves the results. Policies of projects, folders
 * and the organization, deny policies, and conditions other than time limits are not evaluated.
 *
 * <p>Immutable and thread-safe; holds no connection. Calls block, up to the total timeout of the
 * {@link io.github.shortlived.RetryPolicy} for each request to a service that does not respond.
 *
 * @see <a href="https://cloud.google.com/iam/docs/troubleshoot-permission-errors">Troubleshoot
 *     permission error messages</a>
 */
public final class Diagnostics {
  private final ShortLivedCredentials credentials;
  private final Optional<AccessAudit> audit;

  private Diagnostics(ShortLivedCredentials credentials, Optional<AccessAudit> audit) {
    this.credentials = credentials;
    this.audit = audit;
  }

  /**
   * Diagnoses requests of these credentials, and reads policies as their caller. Keep the
   * credentials open until the diagnosis is complete.
   */
  public static Diagnostics using(ShortLivedCredentials credentials) {
    Objects.requireNonNull(credentials, "credentials");
    InternalCredentials.checkOpen(credentials);
    return new Diagnostics(credentials, Optional.empty());
  }

  /**
   * {@return the same diagnostics, but reading policies as the caller of this audit} Nothing else
   * is requested as that caller. The diagnostics never close the audit.
   */
  public Diagnostics readingPoliciesWith(AccessAudit audit) {
    Objects.requireNonNull(audit, "audit");
    return new Diagnostics(credentials, Optional.of(audit));
  }

  /** Diagnoses the request for an access token of this target. */
  public Diagnosis diagnose(Target target) {
    Objects.requireNonNull(target, "target");
    return diagnose(ProbeRequests.minimal(TokenPermission.ACCESS_TOKEN, target));
  }

  /**
   * Diagnoses this request, including its scopes, audience and lifetime. The credential is
   * discarded, also if it is a signature.
   *
   * @return the diagnosis; a rejected request is a finding, even if this library rejects it
   * @throws CredentialException if the thread is interrupted; it stays interrupted
   * @throws IllegalStateException if the credentials or the audit are closed
   */
  public Diagnosis diagnose(CredentialRequest<?> request) {
    Objects.requireNonNull(request, "request");
    SourceExaminer source = SourceExaminer.of(credentials);
    try (PolicyReader policies = new PolicyReader(credentials, audit)) {
      List<Diagnosis.Step> steps =
          new RequestDiagnoser(
                  source,
                  new RequestExaminer(request, credentials),
                  ProbedChain.grants(source.caller(), request),
                  new GrantDiagnoser(policies))
              .steps();
      return new Diagnosis(request, source.caller(), credentials.clock().instant(), steps);
    }
  }

  /** {@return the credentials, and the audit that reads policies; no call} */
  @Override
  public String toString() {
    Description text = Description.of(getClass()).with("credentials", credentials);
    return audit.map(reader -> text.with("audit", reader)).orElse(text).toString();
  }
}
