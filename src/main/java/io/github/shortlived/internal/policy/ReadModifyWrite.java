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
 * Reads, changes and writes one policy, from the start each time it is called. A write whose answer
 * was lost may have been made: what a later cycle finds as wanted is then our change.
 */
final class ReadModifyWrite implements Retrier.Attempt<List<PolicyChange>> {
  // Beside those that are worth another try.
  private static final Set<Code> UNANSWERED = Set.of(Code.UNKNOWN, Code.CANCELLED, Code.DATA_LOSS);

  private final PolicyStore policies;
  private final ServiceAccount account;
  private final List<PolicyChange> wanted;
  private final Set<PolicyChange> perhapsWritten = new LinkedHashSet<>();
  private int begun;

  ReadModifyWrite(PolicyStore policies, ServiceAccount account, List<PolicyChange> wanted) {
    this.policies = policies;
    this.account = account;
    this.wanted = wanted;
  }

  @Override
  public List<PolicyChange> call(Deadline deadline) throws Exception {
    begun++;
    Edited edited = edit(account, policies.read(account, deadline), wanted);
    if (edited.changed()) {
      PolicyWriteChecks.checkEtag(account, edited.policy());
      write(edited, deadline);
    }
    return edited.changes().stream().map(this::orPerhapsWritten).toList();
  }

  private void write(Edited edited, Deadline deadline) throws Exception {
    try {
      policies.write(account, edited.policy(), deadline);
    } catch (Exception e) {
      FailedCallException failed = FailedCallException.of(e);
      if (mayHaveWritten(failed.failure())) {
        edited.changes().stream().filter(PolicyChange::changed).forEach(perhapsWritten::add);
      }
      throw failed;
    }
  }

  /** Whether the service did not answer whether it refused. */
  private static boolean mayHaveWritten(ServiceFailure failure) {
    return !failure.details().bySource()
        && (failure.retryable() || UNANSWERED.contains(failure.status()));
  }

  /** How many were begun. */
  int begun() {
    return begun;
  }

  /** The changes whose writing failed without an answer. */
  List<PolicyChange> possiblyWritten() {
    return List.copyOf(perhapsWritten);
  }

  private PolicyChange orPerhapsWritten(PolicyChange change) {
    return perhapsWritten.stream()
        .filter(written -> written.binding().equals(change.binding()))
        .findFirst()
        .orElse(change);
  }

  /** Makes the changes that the policy still lacks, and refuses what must not be written. */
  static Edited edit(ServiceAccount account, Policy read, List<PolicyChange> wanted) {
    Policy policy = read;
    List<PolicyChange> changes = new ArrayList<>();
    for (PolicyChange change : wanted) {
      Optional<Policy> next = BindingEdits.edit(policy, change);
      changes.add(next.isPresent() ? change : change.unchanged());
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

  /** A policy as it is to be, and what was changed for that. */
  record Edited(Policy policy, List<PolicyChange> changes) {
    boolean changed() {
      return changes.stream().anyMatch(PolicyChange::changed);
    }
  }
}
