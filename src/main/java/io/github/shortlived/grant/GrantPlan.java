package io.github.shortlived.grant;

import com.google.common.collect.ImmutableList;
import io.github.shortlived.internal.policy.PolicyEditor;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Planned changes of the policies of service accounts, for review before they are applied. Created
 * by {@link Grants}, and usable until these are closed. {@link #apply} and {@link #rollBack} block
 * and read each policy again, so a plan can be applied long after it was made; the other methods
 * make no call. Thread-safe.
 */
public final class GrantPlan {
  private final PolicyEditor editor;
  private final ImmutableList<PolicyChange> wanted;
  private final ImmutableList<PolicyChange> changes;

  // Changes by this plan that were, or may have been, made. Guarded by itself.
  private final Set<PolicyChange> applied = new LinkedHashSet<>();

  GrantPlan(PolicyEditor editor, List<PolicyChange> wanted, List<PolicyChange> changes) {
    this.editor = editor;
    this.wanted = ImmutableList.copyOf(wanted);
    this.changes = ImmutableList.copyOf(changes);
  }

  /** Returns what the plan does to each binding, by the policies at the time of planning. */
  public List<PolicyChange> changes() {
    return changes;
  }

  /** Returns whether nothing had to be done at the time of planning. */
  public boolean isEmpty() {
    return changes.stream().noneMatch(PolicyChange::changed);
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
    return GcloudRenderer.of(changes);
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
    return TerraformRenderer.of(changes);
  }

  /**
   * Makes the changes, account by account, in the order of {@link #changes}. Idempotent: a policy
   * that needs no change is not written.
   *
   * @return what was done to each binding
   * @throws CredentialException if a policy cannot be read or written; the message lists the
   *     changes that are in place, another call makes the rest, and {@link #rollBack} undoes them
   */
  public List<PolicyChange> apply() {
    synchronized (applied) {
      return editor.edit(wanted, applied::add);
    }
  }

  /**
   * Undoes the changes that {@link #apply} of this plan made, and nothing else: removes what it
   * added and adds what it removed, last account first. Continues after an account that fails; an
   * interrupted thread rolls back too and keeps its interrupt status. Does nothing once it has
   * succeeded.
   *
   * @return what was done to each binding that was, or may have been, changed
   * @throws CredentialException the first failure; others are suppressed
   */
  public List<PolicyChange> rollBack() {
    boolean interrupted = Thread.interrupted();
    try {
      synchronized (applied) {
        List<PolicyChange> undone = PolicyEditor.undoing(List.copyOf(applied));
        return editor.editAll(
            undone, change -> applied.removeIf(own -> own.binding().equals(change.binding())));
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Returns the grant that the plan makes, including bindings that exist already. */
  CrossAccountGrant granted() {
    return new CrossAccountGrant(
        wanted.stream()
            .filter(change -> change.kind() == Kind.ADDED)
            .map(PolicyChange::binding)
            .toList());
  }

  /** Returns one line per binding: {@code +} added, {@code -} removed, {@code =} unchanged. */
  @Override
  public String toString() {
    String lines = changes.stream().map(change -> change + "\n").collect(Collectors.joining());
    return isEmpty() ? lines + "Nothing to do" : lines.stripTrailing();
  }
}
