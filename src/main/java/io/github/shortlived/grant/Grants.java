package io.github.shortlived.grant;

import io.github.shortlived.InternalCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.GrantPlan.NotExamined;
import io.github.shortlived.internal.client.ProjectIds;
import io.github.shortlived.internal.policy.PlannedPolicy;
import io.github.shortlived.internal.policy.PolicyEdit;
import io.github.shortlived.internal.policy.PolicyEditor;
import io.github.shortlived.internal.policy.PolicyPlanner;
import io.github.shortlived.internal.text.Arguments;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Plans, applies and revokes {@link CrossAccountGrant}s. An edit of a policy changes only the
 * bindings of the grant; the page "Behavior of calls" describes concurrent writes and partial
 * failures. The caller needs {@code iam.serviceAccounts.getIamPolicy} and {@code
 * iam.serviceAccounts.setIamPolicy} on the accounts, as in {@code roles/iam.serviceAccountAdmin}.
 * Thread-safe. Calls block, and throw {@link CredentialException} if a policy cannot be read or
 * written. After {@link #close()} calls throw {@link IllegalStateException}.
 *
 * @see <a
 *     href="https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts/setIamPolicy">
 *     setIamPolicy</a>
 */
public final class Grants implements AutoCloseable {
  private final PolicyEditor editor;
  private final PolicyPlanner planner;
  private final InstantSource clock;

  Grants(PolicyEditor editor, InstantSource clock) {
    this.editor = editor;
    this.planner = new PolicyPlanner(editor.policies());
    this.clock = clock;
  }

  /**
   * Returns grants that edit policies with the Application Default Credentials.
   *
   * @throws CredentialException.SourceCredentials if there are none
   */
  public static Grants create() {
    try (ShortLivedCredentials credentials = ShortLivedCredentials.create()) {
      return using(credentials);
    }
  }

  /**
   * Returns grants that edit policies as the caller of these credentials, with their source token,
   * endpoints, retry policy and clock. Closing one of the two leaves the other open.
   */
  public static Grants using(ShortLivedCredentials credentials) {
    Objects.requireNonNull(credentials, "credentials");
    return new Grants(
        PolicyEditor.connect(InternalCredentials.context(credentials)), credentials.clock());
  }

  /**
   * Reads the policies and returns the changes that the grant would make; writes nothing.
   *
   * @throws CredentialException.InvalidRequest if the grant breaks a rule or a limit of policies,
   *     or has expired; before any call where possible
   */
  public GrantPlan plan(CrossAccountGrant grant) {
    return new GrantPlan(editor, planner.plan(exact(additions(grant))), List.of());
  }

  /**
   * Returns a plan that {@link GrantPlan#toJson} saved, possibly in another process. Makes no call;
   * {@link GrantPlan#apply} checks that no policy has changed since.
   *
   * @throws CredentialException.InvalidRequest if the JSON is not exactly such a plan, of this
   *     format version, or if a grant in it breaks a rule of {@link #plan} or has expired
   */
  public GrantPlan planFromJson(String json) {
    Objects.requireNonNull(json, "json");
    editor.policies().checkOpen();
    return GrantPlan.saved(editor, SavedPlan.read(json, clock.instant()));
  }

  /**
   * Applies the grant, checked as in {@link #plan}, account by account in the order of its
   * bindings.
   *
   * @return what was done to each binding; {@link Kind#UNCHANGED} if it existed already
   */
  public List<PolicyChange> apply(CrossAccountGrant grant) {
    return editor.edit(List.of(), exact(additions(grant)), applied -> {});
  }

  /**
   * Applies the grant until it is closed, which revokes what this call added, and nothing else. For
   * try-with-resources. A failure rolls back what was, or may have been, added; if that fails too,
   * the second failure is suppressed in the first.
   */
  public HeldGrant hold(CrossAccountGrant grant) {
    List<PlannedPolicy> additions = PlannedPolicy.unread(exact(additions(grant)));
    return new HeldGrant(new GrantPlan(editor, additions, List.of()));
  }

  /**
   * Revokes the grant: removes its member from each binding with its role and condition, and
   * changes nothing else. Also removes what is left of a deleted member, because undeleting it
   * would bring the binding back. A grant with a relative expiry is revoked for each of its
   * instants; to revoke one of them, pass a {@code new CrossAccountGrant(List.of(binding))} of the
   * binding in the audit. Also ends writes of these Grants whose response was lost. Idempotent.
   *
   * @return what was done to each binding; {@link Kind#UNCHANGED} if it did not exist; for a
   *     relative expiry, only those that existed
   */
  public List<PolicyChange> revoke(CrossAccountGrant grant) {
    Objects.requireNonNull(grant, "grant");
    List<ServiceAccount> accounts = grant.bindings().stream().map(Binding::account).toList();
    List<PolicyEdit> removals =
        grant.lifetime().isPresent()
            ? removals(
                accounts, each -> grant.bindings().stream().anyMatch(own -> isExpiring(own, each)))
            : PolicyEditor.changes(Kind.REMOVED, grant.bindings()).stream()
                .map(PolicyEdit::byName)
                .toList();
    return editor.edit(accounts, removals, applied -> {});
  }

  private List<PolicyEdit> removals(List<ServiceAccount> accounts, Predicate<Binding> which) {
    return planner.planRemovals(accounts, which).stream()
        .flatMap(policy -> policy.edits().stream())
        .toList();
  }

  /** Returns whether a binding in a policy differs from a granted one only by an expiry. */
  private static boolean isExpiring(Binding granted, Binding inPolicy) {
    return inPolicy.account().equals(granted.account())
        && inPolicy.member().beforeDeletion().isSameAs(granted.member())
        && inPolicy.role().equals(granted.role())
        && inPolicy
            .expiry()
            .filter(end -> granted.withExpiry(end).condition().equals(inPolicy.condition()))
            .isPresent();
  }

  /**
   * Plans to remove the member from all bindings of an account, also those with conditions, and
   * what is left of it if it was deleted.
   */
  public GrantPlan planRevokeEverything(Member member, ServiceAccount account) {
    Objects.requireNonNull(member, "member");
    Objects.requireNonNull(account, "account");
    return planRemoval(
        List.of(account),
        binding ->
            binding.member().isSameAs(member)
                || binding.member().beforeDeletion().isSameAs(member));
  }

  /** Plans to remove this library's expired grants; expired conditions of other origin stay. */
  public GrantPlan planSweep(Collection<ServiceAccount> accounts) {
    return planRemoval(Arguments.copy(accounts, "accounts"), isExpired());
  }

  /**
   * Plans a {@linkplain #planSweep sweep} of all service accounts of a project. Leaves out an
   * account that cannot be swept, for example because its policy cannot be read; {@link
   * GrantPlan#notExamined} lists it.
   *
   * @param projectId the project's ID or number; the caller needs {@code iam.serviceAccounts.list}
   * @throws CredentialException if the accounts cannot be listed, or none of them can be swept
   */
  public GrantPlan planSweepOfProject(String projectId) {
    Objects.requireNonNull(projectId, "projectId");
    ProjectIds.checkIdOrNumber(projectId);
    List<ServiceAccount> accounts = editor.policies().accountsOf(projectId);
    List<NotExamined> notExamined = new ArrayList<>();
    List<PlannedPolicy> removals =
        planner.planRemovals(
            accounts,
            isExpired(),
            (account, failure) -> notExamined.add(new NotExamined(account, failure)));
    if (notExamined.size() == accounts.size()) {
      PolicyEditor.throwFirst(notExamined.stream().map(NotExamined::failure).toList());
    }
    return new GrantPlan(editor, removals, notExamined);
  }

  private Predicate<Binding> isExpired() {
    Instant now = clock.instant();
    return binding -> binding.isExpiredAt(now);
  }

  /** Waits until the grant works, as {@link PropagationWait#standard()}: for at most 7 minutes. */
  public Duration awaitEffective(CrossAccountGrant grant, ShortLivedCredentials caller) {
    return awaitEffective(grant, caller, PropagationWait.standard());
  }

  /**
   * Waits until an applied grant works, typically 2 minutes, sometimes 7 or more. Requests a
   * credential of each account from the caller to the target in turn, and discards it; after a
   * refusal or a temporary failure, tries again in 1 to 15 seconds. Throws the last failure at the
   * timeout or an interrupt, which stays set, and at once if waiting cannot help: for example, the
   * binding is missing or has expired.
   *
   * @param grant the grant as it was applied, starting at one member
   * @param caller the credentials of that member; any caller for a group or a similar member
   * @return the time that it took, by the clock of these Grants
   * @throws CredentialException.InvalidRequest before any probe for another caller or grant
   * @see <a href="https://cloud.google.com/iam/docs/access-change-propagation">Access change
   *     propagation</a>
   */
  public Duration awaitEffective(
      CrossAccountGrant grant, ShortLivedCredentials caller, PropagationWait wait) {
    Objects.requireNonNull(grant, "grant");
    Objects.requireNonNull(caller, "caller");
    Objects.requireNonNull(wait, "wait");
    editor.policies().checkOpen();
    List<ProbedBinding> bindings = ProbedBinding.of(grant, caller);
    PolicyInspection policies = new PolicyInspection(editor, clock, grant);
    return new ProbeLoop(caller, wait, policies, clock).run(bindings);
  }

  /** Waits until an applied plan works, as {@link PropagationWait#standard()}. */
  public Duration awaitEffective(GrantPlan plan, ShortLivedCredentials caller) {
    return awaitEffective(plan, caller, PropagationWait.standard());
  }

  /** Waits until what an applied plan grants works; invalid if it grants nothing. */
  public Duration awaitEffective(
      GrantPlan plan, ShortLivedCredentials caller, PropagationWait wait) {
    Objects.requireNonNull(plan, "plan");
    Objects.requireNonNull(caller, "caller");
    Objects.requireNonNull(wait, "wait");
    return awaitEffective(plan.granted(), caller, wait);
  }

  /** Closes the connection. */
  @Override
  public void close() {
    editor.close();
  }

  /** {@return the caller, endpoints other than Google's, and whether these are closed; no call} */
  @Override
  public String toString() {
    return editor.policies().describe(getClass());
  }

  private GrantPlan planRemoval(Collection<ServiceAccount> accounts, Predicate<Binding> which) {
    return new GrantPlan(editor, planner.planRemovals(accounts, which), List.of());
  }

  private static List<PolicyEdit> exact(List<PolicyChange> changes) {
    return changes.stream().map(PolicyEdit::exact).toList();
  }

  private List<PolicyChange> additions(CrossAccountGrant grant) {
    Objects.requireNonNull(grant, "grant");
    Instant now = clock.instant();
    List<Binding> bindings = grant.resolvedAt(now).bindings();
    return PolicyEditor.changes(
        Kind.ADDED, bindings.stream().map(each -> GrantValidation.check(each, now)).toList());
  }
}
