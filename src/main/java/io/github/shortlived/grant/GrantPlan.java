package io.github.shortlived.grant;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Streams;
import io.github.shortlived.internal.client.DaemonCalls;
import io.github.shortlived.internal.policy.AppliedChange;
import io.github.shortlived.internal.policy.PlannedPolicy;
import io.github.shortlived.internal.policy.PolicyEdit;
import io.github.shortlived.internal.policy.PolicyEditor;
import io.github.shortlived.internal.policy.PolicyPlanner;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Planned changes of the policies of service accounts, for review before they are applied. Created
 * by {@link Grants}, and usable until these are closed. {@link #apply} and {@link #rollBack} block
 * and read each policy again, so a plan can be applied long after it was made; the other methods
 * make no call. Thread-safe.
 */
public final class GrantPlan {
  private static final DaemonCalls ROLLBACKS = new DaemonCalls("short-lived-credentials-rollback");

  private final PolicyEditor editor;
  private final ImmutableList<PlannedPolicy> policies;
  private final ImmutableList<NotExamined> notExamined;

  // The etags of a plan that was saved, until this plan has written the policy. Guarded by applied.
  private final Map<ServiceAccount, String> etags;

  // Changes by this plan that were, or may have been, made. Guarded by itself.
  private final Set<AppliedChange> applied = new LinkedHashSet<>();

  private GrantPlan(
      PolicyEditor editor,
      List<PlannedPolicy> policies,
      List<NotExamined> notExamined,
      Map<ServiceAccount, String> etags) {
    this.editor = editor;
    this.policies = ImmutableList.copyOf(policies);
    this.notExamined = ImmutableList.copyOf(notExamined);
    this.etags = new HashMap<>(etags);
  }

  GrantPlan(PolicyEditor editor, List<PlannedPolicy> policies, List<NotExamined> notExamined) {
    this(editor, policies, notExamined, Map.of());
  }

  /** Creates a plan that was saved: its policies may have changed since. */
  static GrantPlan saved(PolicyEditor editor, List<PlannedPolicy> policies) {
    Map<ServiceAccount, String> etags =
        policies.stream().collect(Collectors.toMap(PlannedPolicy::account, PlannedPolicy::etag));
    return new GrantPlan(editor, policies, List.of(), etags);
  }

  /** Returns what the plan does to each binding, by the policies at the time of planning. */
  public List<PolicyChange> changes() {
    return policies.stream().flatMap(policy -> policy.changes().stream()).toList();
  }

  /** Returns the accounts that a sweep left out, because it could not plan for their policies. */
  public List<NotExamined> notExamined() {
    return notExamined;
  }

  /** Returns whether nothing had to be done in the examined policies at the time of planning. */
  public boolean isEmpty() {
    return changes().stream().noneMatch(PolicyChange::changed);
  }

  /**
   * Returns one gcloud command for a POSIX shell per addition or removal, in order. Values are
   * quoted exactly. gcloud edits policies as its active account, fails to remove a binding that
   * does not exist, and requires a title for each condition.
   *
   * @see <a href="https://cloud.google.com/sdk/gcloud/reference/iam/service-accounts">gcloud iam
   *     service-accounts</a>
   */
  public List<String> gcloudCommands() {
    return GcloudRenderer.of(changes());
  }

  /**
   * Returns the changes as Terraform configuration: a resource for each added binding, and for each
   * removed binding a comment with the name of the resource to delete. The same binding has the
   * same name in every plan. Apply either the configuration or the plan, not both.
   *
   * @see <a
   *     href="https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/google_service_account_iam">
   *     google_service_account_iam</a>
   */
  public String terraform() {
    return TerraformRenderer.of(changes());
  }

  /**
   * Returns the plan as JSON, to apply it in another process with {@link Grants#planFromJson}. It
   * has the bindings and the etag of each policy, and no secret; accounts that were not examined
   * are left out. It is not signed: protect it from changes, and review the plan that is loaded.
   *
   * @throws CredentialException.InvalidRequest if a policy was read without an etag, or the JSON is
   *     larger than 16 MiB
   * @see <a href="https://cloud.google.com/iam/docs/reference/rest/v1/Policy">Policy: etag</a>
   */
  public String toJson() {
    return SavedPlan.write(policies);
  }

  /**
   * Makes the changes, account by account, in the order of {@link #changes}. A failure ends it; a
   * plan that only removes bindings continues with the other accounts first. Idempotent: a policy
   * that needs no change is not written. A plan from JSON writes a policy only if its etag is the
   * saved one, and checks that for all policies before it writes one.
   *
   * @return what was done to each binding
   * @throws CredentialException.Conflict if a policy has changed since the plan was saved; it is
   *     not written
   * @throws CredentialException if a policy cannot be read or written; the message lists the
   *     changes that are in place, another call makes the rest, and {@link #rollBack} undoes them
   */
  public List<PolicyChange> apply() {
    synchronized (applied) {
      checkSaved();
      List<PolicyEdit> wanted = wanted().toList();
      Map<ServiceAccount, String> saved = Map.copyOf(etags);
      List<PolicyChange> changes =
          wanted.stream().allMatch(edit -> edit.change().kind() == Kind.REMOVED)
              ? editor.editAll(accounts(), wanted, saved, this::addApplied, account -> {})
              : editor.edit(accounts(), wanted, saved, this::addApplied);
      etags.clear();
      return changes;
    }
  }

  /** Checks all policies before one is written; each is checked again when it is written. */
  private void checkSaved() {
    new PolicyPlanner(editor.policies())
        .checkCurrent(
            policies.stream().filter(policy -> etags.containsKey(policy.account())).toList());
  }

  private void addApplied(AppliedChange change) {
    applied.add(change);
    etags.remove(change.change().binding().account());
  }

  private Stream<PolicyEdit> wanted() {
    return policies.stream().flatMap(policy -> policy.edits().stream());
  }

  private List<ServiceAccount> accounts() {
    return Stream.concat(
            policies.stream().map(PlannedPolicy::account),
            notExamined.stream().map(NotExamined::account))
        .toList();
  }

  /**
   * Undoes the changes that {@link #apply} of this plan made, and nothing else: removes what it
   * added and adds what it removed, last account first. A change whose response was lost cannot be
   * committed later. If an added member was deleted since, what is left of it in the policy is
   * removed. Continues after an account that fails; if the thread is interrupted, rolls back too
   * and keeps the interrupt status. Does nothing once it has succeeded.
   *
   * @return what was done to each binding that was, or may have been, changed
   * @throws CredentialException the first failure, which lists what is not undone for certain;
   *     others are suppressed, and the call can be repeated
   */
  public List<PolicyChange> rollBack() {
    return ROLLBACKS.callUninterruptibly(this::undo);
  }

  private List<PolicyChange> undo() {
    synchronized (applied) {
      List<PolicyEdit> edits =
          ImmutableList.copyOf(applied).reverse().stream().map(AppliedChange::undo).toList();
      try {
        return editor.editAll(List.of(), edits, Map.of(), undone -> {}, this::forget);
      } catch (CredentialException e) {
        throw InternalExceptions.withSuffix(
            e,
            PolicyEditor.list(
                "Not undone for certain; repeat the call:",
                applied.stream().map(AppliedChange::change).toList()));
      }
    }
  }

  private void forget(ServiceAccount account) {
    applied.removeIf(own -> own.change().binding().account().equals(account));
  }

  /** Returns the grant that the plan makes, including bindings that exist already. */
  CrossAccountGrant granted() {
    return new CrossAccountGrant(
        wanted()
            .map(PolicyEdit::change)
            .filter(change -> change.kind() == Kind.ADDED)
            .map(PolicyChange::binding)
            .toList());
  }

  /**
   * Returns one line per binding: {@code +} added, {@code -} removed, {@code =} unchanged; and one,
   * with {@code ?}, per account that was not examined.
   */
  @Override
  public String toString() {
    Stream<String> lines =
        Streams.concat(
            changes().stream().map(PolicyChange::toString),
            notExamined.stream().map(NotExamined::toString),
            isEmpty() ? Stream.of("Nothing to do") : Stream.empty());
    return lines.collect(Collectors.joining("\n"));
  }

  /**
   * An account for which a sweep plans nothing.
   *
   * @param account the account
   * @param failure why its policy was not read, or must not be written
   */
  public record NotExamined(ServiceAccount account, CredentialException failure) {
    public NotExamined {
      Objects.requireNonNull(account, "account");
      Objects.requireNonNull(failure, "failure");
    }

    /** {@return the account and the reason in one line} */
    @Override
    public String toString() {
      return SafeText.oneLine(
          "? %s was not examined: %s".formatted(account, InternalExceptions.summary(failure)));
    }
  }
}
