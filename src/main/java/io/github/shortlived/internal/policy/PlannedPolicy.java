package io.github.shortlived.internal.policy;

import com.google.common.io.BaseEncoding;
import com.google.iam.v1.Policy;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.util.List;

/**
 * Planned edits of one policy. Immutable.
 *
 * @param account the account of the policy
 * @param etag the etag of the policy that was read, in base64 as in Google's JSON; empty if it had
 *     none or was not read
 * @param edits the edits
 * @param changes what each of the edits does to that policy
 */
public record PlannedPolicy(
    ServiceAccount account, String etag, List<PolicyEdit> edits, List<PolicyChange> changes) {
  public PlannedPolicy {
    edits = List.copyOf(edits);
    changes = List.copyOf(changes);
  }

  /** Returns the etag in base64, as in Google's JSON; empty if there is none. */
  static String etagOf(Policy policy) {
    return BaseEncoding.base64().encode(policy.getEtag().toByteArray());
  }

  /** Returns plans for policies that are not read, as if each edit changed them. */
  public static List<PlannedPolicy> unread(List<PolicyEdit> edits) {
    return PolicyEdit.byAccount(edits).entrySet().stream()
        .map(
            e ->
                new PlannedPolicy(
                    e.getKey(),
                    "",
                    e.getValue(),
                    e.getValue().stream().map(PolicyEdit::change).toList()))
        .toList();
  }

  /** Returns a plan that was saved; an unchanged binding is one to add. */
  public static PlannedPolicy saved(
      ServiceAccount account, String etag, List<PolicyChange> changes) {
    List<PolicyEdit> edits =
        changes.stream()
            .map(each -> each.changed() ? each : new PolicyChange(Kind.ADDED, each.binding()))
            .map(PolicyEdit::exact)
            .toList();
    return new PlannedPolicy(account, etag, edits, changes);
  }
}
