package io.github.shortlived.grant;

import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.InternalCredentials;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.internal.policy.PolicyChanges;
import io.github.shortlived.internal.policy.PolicyEditor;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;

/**
 * Plans, applies and revokes {@link CrossAccountGrant}s: reads the policy of each service account
 * with its conditions, changes what is to be changed, and writes it back under the etag it was read
 * with. If someone else wrote in between, the whole cycle is repeated, under the {@link
 * RetryPolicy}'s total timeout. Nothing else in a policy changes; a policy that is as wanted
 * already is not written. A policy that was not read as it is, or would outgrow Google's limits, is
 * refused before it is written.
 *
 * <p>The caller needs {@code iam.serviceAccounts.getIamPolicy} and {@code
 * iam.serviceAccounts.setIamPolicy} on the accounts, as in {@code roles/iam.serviceAccountAdmin}. A
 * change takes effect after some minutes: typically 2, sometimes 7 or more; {@link
 * #awaitEffective(CrossAccountGrant, ShortLivedCredentials)} waits for it.
 *
 * <p>Thread-safe. Calls block. Failures are {@link CredentialException}s; where several accounts
 * are edited, the message says which changes are in place, and the same call can be made again.
 * After {@link #close()} calls throw {@link IllegalStateException}.
 *
 * @see <a
 *     href="https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts/setIamPolicy">
 *     setIamPolicy</a>
 */
public final class Grants implements AutoCloseable {
  private final PolicyEditor editor;
  private final InstantSource clock;

  Grants(PolicyEditor editor, InstantSource clock) {
    this.editor = editor;
    this.clock = clock;
  }

  /**
   * Edits policies as the Application Default Credentials.
   *
   * @throws CredentialException.SourceCredentials if there are none
   */
  public static Grants create() {
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      return using(credentials);
    }
  }

  /** Edits policies as these credentials, of any type that google-auth knows. */
  public static Grants from(GoogleCredentials source) {
    try (ShortLivedCredentials credentials = ShortLivedCredentials.from(source)) {
      return using(credentials);
    }
  }

  /**
   * Edits policies as the caller of these credentials, with their endpoints, retry policy and
   * clock, sharing their source token. Closing either leaves the other open.
   */
  public static Grants using(ShortLivedCredentials credentials) {
    return new Grants(
        PolicyEditor.connect(InternalCredentials.context(credentials)), credentials.clock());
  }

  /**
   * Reads the policies and tells what making the grant would change; writes nothing.
   *
   * @throws CredentialException.InvalidRequest if the grant breaks a rule or a limit of policies,
   *     or ends in the past; told before the network is used where that is known
   * @throws CredentialException if a policy cannot be read
   */
  public GrantPlan plan(CrossAccountGrant grant) {
    return planOf(Kind.ADDED, made(grant).bindings());
  }

  /**
   * Makes the grant, account by account in travel order.
   *
   * @return what became of each binding; one that was there already is {@link Kind#UNCHANGED}
   * @throws CredentialException.InvalidRequest as {@link #plan} does
   * @throws CredentialException if a policy cannot be read or written
   */
  public List<PolicyChange> apply(CrossAccountGrant grant) {
    return editor.edit(PolicyChanges.all(Kind.ADDED, made(grant).bindings()));
  }

  /**
   * Makes the grant until it is closed: what this call added, and nothing else, is then revoked.
   * For try-with-resources. A failure half-way takes back what was, or may have been, added; if
   * that fails too, the failure has it suppressed.
   *
   * @throws CredentialException as {@link #apply} does
   */
  public HeldGrant hold(CrossAccountGrant grant) {
    return HeldGrant.make(PolicyChanges.all(Kind.ADDED, made(grant).bindings()), editor);
  }

  /**
   * Takes the grant back: its member from each binding with its role and condition, and nothing
   * else. Idempotent.
   *
   * @return what became of each binding; one that was not there is {@link Kind#UNCHANGED}
   * @throws CredentialException.InvalidRequest if the grant ends some time after it is made: only
   *     its plan knows when
   * @throws CredentialException if a policy cannot be read or written
   */
  public List<PolicyChange> revoke(CrossAccountGrant grant) {
    GrantValidation.checkFixed(grant);
    return editor.edit(PolicyChanges.all(Kind.REMOVED, grant.bindings()));
  }

  /**
   * Reads the account's policy and plans to remove the member from every binding of every role,
   * with and without condition.
   *
   * @throws CredentialException if the policy cannot be read
   */
  public GrantPlan planRevokeEverything(Member member, ServiceAccount account) {
    return planOf(
        Kind.REMOVED,
        editor.bindings(account).stream()
            .filter(binding -> binding.member().isSameAs(member))
            .toList());
  }

  /**
   * Reads the accounts' policies and plans to remove those grants of this library that have
   * expired. Expired conditions that others wrote stay.
   *
   * @throws CredentialException if a policy cannot be read
   */
  public GrantPlan planSweep(Collection<ServiceAccount> accounts) {
    Instant now = clock.instant();
    return planOf(
        Kind.REMOVED,
        accounts.stream()
            .distinct()
            .flatMap(account -> editor.bindings(account).stream())
            .filter(binding -> binding.isExpiredAt(now))
            .toList());
  }

  /**
   * As {@link #planSweep}, on all service accounts of a project.
   *
   * @param projectId the project's id or number; listing its accounts takes {@code
   *     iam.serviceAccounts.list}
   * @throws CredentialException if the accounts cannot be listed or a policy cannot be read
   */
  public GrantPlan planSweepOfProject(String projectId) {
    GrantValidation.checkProject(projectId);
    return planSweep(editor.accountsOf(projectId));
  }

  /**
   * As {@link #awaitEffective(CrossAccountGrant, ShortLivedCredentials, PropagationWait)}, for at
   * most 7 minutes.
   */
  public Duration awaitEffective(CrossAccountGrant grant, ShortLivedCredentials caller) {
    return awaitEffective(grant, caller, PropagationWait.standard());
  }

  /**
   * Waits until a grant works that was made: as its member, asks for a short-lived credential of
   * each account of the way in turn, the target last, and drops it. After a refusal it looks into
   * the policies whether waiting can help, and asks again in 1 to 15 seconds.
   *
   * <p>Blocks, and makes at least one probe. The calling thread, interrupted, stops waiting with
   * the last refusal and keeps its status. A fault of the services that passes does not end the
   * waiting. A binding that is not in its policy does after some seconds, for a read may be older
   * than the latest write; where these Grants may not read the policy, that goes unnoticed.
   *
   * @param grant as it was applied; a member that stands for many, such as a group, counts for any
   *     caller
   * @param caller the credentials of the grant's member
   * @param waiting how long, and who is told about it
   * @return how long it took, by these Grants' clock
   * @throws CredentialException.PermissionDenied if a hop is still refused when time is up, or
   *     cannot come to work because its binding is missing or has ended: the message says which,
   *     and {@code requiredGrants()} is what it needs; or at once, if something else than the
   *     grants refuses
   * @throws CredentialException.InvalidRequest before anything is tried if the caller is known and
   *     not the grant's member, or the grant begins at several members
   * @throws CredentialException.NotFound if an account does not exist
   * @throws CredentialException at once for failures that do not pass, such as a disabled API; when
   *     time is up, for one that did not
   * @see <a href="https://cloud.google.com/iam/docs/access-change-propagation">Access change
   *     propagation</a>
   */
  public Duration awaitEffective(
      CrossAccountGrant grant, ShortLivedCredentials caller, PropagationWait waiting) {
    editor.checkOpen();
    List<ProbedHop> hops = ProbedHops.of(grant, caller);
    PolicyInspection witness = new PolicyInspection(editor, clock, grant);
    return new ProbeLoop(caller, waiting, witness, clock).until(hops);
  }

  /**
   * As {@link #awaitEffective(GrantPlan, ShortLivedCredentials, PropagationWait)}, for at most 7
   * minutes.
   */
  public Duration awaitEffective(GrantPlan plan, ShortLivedCredentials caller) {
    return awaitEffective(plan, caller, PropagationWait.standard());
  }

  /**
   * As {@link #awaitEffective(CrossAccountGrant, ShortLivedCredentials, PropagationWait)}, for what
   * an applied plan grants.
   *
   * @throws CredentialException.InvalidRequest also if the plan grants nothing
   */
  public Duration awaitEffective(
      GrantPlan plan, ShortLivedCredentials caller, PropagationWait waiting) {
    return awaitEffective(plan.granted(), caller, waiting);
  }

  /** Closes the connection. */
  @Override
  public void close() {
    editor.close();
  }

  private GrantPlan planOf(Kind kind, List<Binding> bindings) {
    List<PolicyChange> wanted = PolicyChanges.all(kind, bindings);
    return new GrantPlan(editor, wanted, editor.preview(wanted));
  }

  /** The grant as it is made now, if that can be. */
  private CrossAccountGrant made(CrossAccountGrant grant) {
    Instant now = clock.instant();
    CrossAccountGrant made = grant.resolvedAt(now);
    made.bindings().forEach(binding -> GrantValidation.check(binding, now));
    return made;
  }
}
