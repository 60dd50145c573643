package io.github.shortlived.internal.policy;

import com.google.api.gax.rpc.StatusCode.Code;
import com.google.iam.v1.Policy;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.internal.failure.ServiceFailure;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads, changes and writes one policy; each call starts from the beginning. A write whose response
 * was lost may have been applied: if a later cycle finds a change in place, it counts as made here.
 */
final class ReadModifyWrite implements Retrier.Attempt<List<PolicyChange>> {
  // After these codes, too, a write may have been applied.
  private static final Set<Code> OUTCOME_UNKNOWN =
      Set.of(Code.UNKNOWN, Code.CANCELLED, Code.DATA_LOSS);

  private final PolicyStore policies;
  private final ServiceAccount account;
  private final List<PolicyChange> wanted;
  final Set<PolicyChange> possiblyWritten = new LinkedHashSet<>(); // The outcome is unknown.
  int cycles; // Counts the cycles that were started.

  ReadModifyWrite(PolicyStore policies, ServiceAccount account, List<PolicyChange> wanted) {
    this.policies = policies;
    this.account = account;
    this.wanted = wanted;
  }

  @Override
  public List<PolicyChange> call(Deadline deadline) throws Exception {
    cycles++;
    Edited edited = edit(account, policies.read(account, deadline), wanted);
    if (edited.changed()) {
      PolicyWriteChecks.checkEtag(account, edited.policy());
      write(edited, deadline);
    }
    return edited.changes().stream().map(this::orPossiblyWritten).toList();
  }

  private void write(Edited edited, Deadline deadline) throws Exception {
    try {
      policies.write(account, edited.policy(), deadline);
    } catch (Exception e) {
      FailedCallException failed = FailedCallException.of(e);
      if (mayHaveWritten(failed.failure())) {
        edited.changes().stream().filter(PolicyChange::changed).forEach(possiblyWritten::add);
      }
      throw failed;
    }
  }

  private static boolean mayHaveWritten(ServiceFailure failure) {
    return !failure.bySource()
        && (failure.retryable() || OUTCOME_UNKNOWN.contains(failure.status()));
  }

  private PolicyChange orPossiblyWritten(PolicyChange change) {
    return possiblyWritten.stream()
        .filter(written -> written.binding().equals(change.binding()))
        .findFirst()
        .orElse(change);
  }

  /** Applies the changes to a policy; refuses a result that must not be written. */
  static Edited edit(ServiceAccount account, Policy read, List<PolicyChange> wanted) {
    Policy policy = read;
    List<PolicyChange> changes = new ArrayList<>();
    for (PolicyChange change : wanted) {
      Optional<Policy> next = BindingEdits.edit(policy, change);
      changes.add(next.isPresent() ? change : new PolicyChange(Kind.UNCHANGED, change.binding()));
      policy = next.orElse(policy);
    }
    Edited edited = new Edited(policy, changes);
    if (edited.changed()) {
      PolicyWriteChecks.checkRead(account, read);
    }
    if (changes.stream().anyMatch(change -> change.kind() == Kind.ADDED)) {
      PolicyWriteChecks.checkLimits(account, policy);
    }
    return edited;
  }

  /** The edited policy, and the changes made to it. */
  record Edited(Policy policy, List<PolicyChange> changes) {
    boolean changed() {
      return changes.stream().anyMatch(PolicyChange::changed);
    }
  }
}
