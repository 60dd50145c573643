package io.github.shortlived.grant;

import com.google.common.collect.ImmutableList;
import io.github.shortlived.internal.policy.PolicyEditor;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is to be changed in the policies of service accounts, to be looked at before it is applied.
 * Made by {@link Grants}, and usable until they are closed.
 *
 * <p>Thread-safe. What it shows never changes, and showing it makes no call; {@link #apply} and
 * {@link #rollBack} block and read each policy again, so a plan may be applied long after it was
 * made.
 */
public final class GrantPlan {
  private final AppliedChanges made;
  private final ImmutableList<PolicyChange> wanted;
  private final ImmutableList<PolicyChange> changes;

  GrantPlan(PolicyEditor editor, List<PolicyChange> wanted, List<PolicyChange> changes) {
    this.made = new AppliedChanges(editor);
    this.wanted = ImmutableList.copyOf(wanted);
    this.changes = ImmutableList.copyOf(changes);
  }

  /**
   * {@return what applying the plan does to each binding, by the policies as they were when it was
   * made; {@link Kind#UNCHANGED} where they are as wanted already}
   */
  public List<PolicyChange> changes() {
    return changes;
  }

  /** {@return whether there was nothing to do when the plan was made} */
  public boolean isEmpty() {
    return changes.stream().noneMatch(PolicyChange::changed);
  }

  /**
   * {@return the changes as gcloud commands for a POSIX shell, in order, one each; none for what is
   * {@link Kind#UNCHANGED}} Values are exact, whatever characters they have. gcloud edits policies
   * as whoever is signed in there, refuses to remove what is not there, and knows no condition
   * without a title.
   *
   * @see <a href="https://cloud.google.com/sdk/gcloud/reference/iam/service-accounts">gcloud iam
   *     service-accounts</a>
   */
  public List<String> gcloudCommands() {
    return GcloudRenderer.of(changes);
  }

  /**
   * {@return the changes as Terraform configuration: a {@code google_service_account_iam_member}
   * for each binding added, and for each one removed a comment that names the resource to delete}
   * The same binding has the same resource in every plan. What Terraform manages is Terraform's to
   * change: rather than apply the plan as well, apply the configuration.
   *
   * @see <a
   *     href="https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/google_service_account_iam">
   *     google_service_account_iam</a>
   */
  public String terraform() {
    return TerraformRenderer.of(changes);
  }

  /**
   * Makes the changes, account by account, in the order of {@link #changes}. Idempotent: what is as
   * wanted already is not written.
   *
   * @return what became of each binding
   * @throws CredentialException if a policy cannot be read or written; the message says which
   *     changes are in place, applying again makes the rest, and {@link #rollBack} takes them back
   */
  public List<PolicyChange> apply() {
    return made.apply(wanted);
  }

  /**
   * Undoes what {@link #apply} of this plan changed, and nothing else: removes what it added and
   * adds what it removed, last account first. What was as wanted before it stays, whoever made it
   * so since the plan was made. Goes on after an account that fails; an interrupted thread rolls
   * back all the same and keeps its status. Does nothing once it has succeeded.
   *
   * @return what became of each binding that was, or may have been, changed
   * @throws CredentialException if a policy cannot be read or written; further ones are suppressed
   */
  public List<PolicyChange> rollBack() {
    return made.rollBack();
  }

  /** What the plan grants, whether it is in the policies already or not. */
  CrossAccountGrant granted() {
    return new CrossAccountGrant(
        wanted.stream()
            .filter(change -> change.kind() == Kind.ADDED)
            .map(PolicyChange::binding)
            .toList());
  }

  /** {@return one line per binding: {@code +} added, {@code -} removed, {@code =} as it is} */
  @Override
  public String toString() {
    String lines = changes.stream().map(PolicyChange::toString).collect(Collectors.joining("\n"));
    if (!isEmpty()) {
      return lines;
    }
    return lines.isEmpty() ? "Nothing to do" : lines + "\nNothing to do";
  }
}
