package io.github.shortlived.diagnosis;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.audit.AccessAudit;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.Target;
import io.github.shortlived.policy.TokenPermission;
import java.util.List;
import java.util.Optional;

/**
 * Finds out why a credential is not to be had. Google's services say {@code denied on resource (or
 * it may not exist)}, and not which account of the way refused, or why. A diagnosis asks for the
 * credential, and if it is refused, for one of each account on the way to it; then it reads the
 * policies of the accounts as far as they may be read. It tells apart what was observed and what is
 * inferred from it.
 *
 * <p>Nothing is changed, and what is issued is dropped at once. It takes no permission but those
 * that are in question; one who may read the policies ({@code iam.serviceAccounts.getIamPolicy})
 * learns more. Policies of projects, folders and the organization, deny policies and conditions
 * beyond a time limit are not evaluated.
 *
 * <p>Credentials that cannot be made have nothing to diagnose: the exception of {@link
 * ShortLivedCredentials#create()} tells where Application Default Credentials were looked for, what
 * was there and what to do; that of a key file or configuration, what is wrong with it.
 *
 * <p>Immutable and thread-safe; holds no connection of its own. Calls block, for up to a total
 * timeout of the credentials' {@link io.github.shortlived.RetryPolicy} for each question where a
 * service does not answer.
 *
 * @see <a href="https://cloud.google.com/iam/docs/troubleshoot-permission-errors">Troubleshoot
 *     permission error messages</a>
 */
public final class Diagnostics {
  private final ShortLivedCredentials credentials;
  private final Optional<AccessAudit> readers;

  private Diagnostics(ShortLivedCredentials credentials, Optional<AccessAudit> readers) {
    this.credentials = credentials;
    this.readers = readers;
  }

  /**
   * Diagnoses what these credentials can have issued, and reads policies as their caller. They are
   * to be kept open meanwhile.
   */
  public static Diagnostics using(ShortLivedCredentials credentials) {
    return new Diagnostics(credentials, Optional.empty());
  }

  /**
   * {@return the same, but policies are read as somebody else, who may: nothing else is asked of
   * these grants, and closing them is left to whoever made them}
   */
  public Diagnostics readingPoliciesBy(AccessAudit administrator) {
    return new Diagnostics(credentials, Optional.of(administrator));
  }

  /**
   * Finds out why an access token of this target is, or is not, to be had.
   *
   * @throws CredentialException if the thread is interrupted, which it then still is
   * @throws IllegalStateException if the credentials, or the grants that read policies, are closed
   */
  public Diagnosis diagnose(Target target) {
    return diagnose(RequestText.minimal(TokenPermission.ACCESS_TOKEN, target));
  }

  /**
   * Finds out why what this request asks for is, or is not, to be had: asks for just that, so that
   * scopes, audience and lifetime count too. What is signed in doing so is dropped.
   *
   * @return what was found out; a request that is refused, even by this library, is a finding and
   *     not an exception
   * @throws CredentialException if the thread is interrupted, which it then still is
   * @throws IllegalStateException if the credentials, or the grants that read policies, are closed
   */
  public Diagnosis diagnose(CredentialRequest<?> request) {
    CredentialProber prober = new CredentialProber(credentials);
    Optional<Member> caller = prober.caller();
    try (PolicyReader policies = new PolicyReader(credentials, readers)) {
      List<Step> steps = steps(request, caller, prober, new LinkDiagnoser(policies));
      return new Diagnosis(request, caller, credentials.clock().instant(), steps);
    }
  }

  private static List<Step> steps(
      CredentialRequest<?> request,
      Optional<Member> caller,
      CredentialProber prober,
      LinkDiagnoser judge) {
    return request.target() instanceof Target.Self
        ? new SelfExamination(request, caller, prober, judge).steps()
        : new ChainExamination(request, caller, prober, judge).steps();
  }
}
