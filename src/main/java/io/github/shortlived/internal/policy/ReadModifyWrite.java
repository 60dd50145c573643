package io.github.shortlived.internal.policy;

import com.google.common.base.Throwables;
import com.google.iam.v1.Policy;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads, changes and writes one policy; each call starts from the beginning. A write whose response
 * was lost may have been applied: if a later cycle finds a change in place, it counts as made here.
 * Such a write may also be committed later. While that is possible, a policy that needs no change
 * is written too, because the service then rejects the earlier write for its etag.
 */
final class ReadModifyWrite implements Retrier.Attempt<List<PolicyChange>> {
  private final PolicyStore policies;
  private final UnconfirmedWrites unconfirmed;
  private final ServiceAccount account;
  private final List<PolicyEdit> wanted;
  private final Optional<String> etag;
  // The changes that were made, or may have been made, by binding.
  private final Map<Binding, AppliedChange> applied = new LinkedHashMap<>();
  int cycles; // Counts the cycles that were started.

  ReadModifyWrite(
      PolicyStore policies,
      UnconfirmedWrites unconfirmed,
      ServiceAccount account,
      List<PolicyEdit> wanted,
      Optional<String> etag) {
    this.policies = policies;
    this.unconfirmed = unconfirmed;
    this.account = account;
    this.wanted = wanted;
    this.etag = etag;
  }

  @Override
  public List<PolicyChange> call(Deadline deadline) throws Exception {
    cycles++;
    Policy read = policies.read(account, deadline);
    checkEtag(read);
    Edited edited = edit(account, read, wanted);
    List<PolicyChange> changes = edited.changes().stream().map(this::orAppliedBefore).toList();
    if (edited.changed()) {
      write(edited, read, deadline);
    } else if (unconfirmed.mayChange(account, read)) {
      PolicyWriteChecks.checkRead(account, read);
      write(edited, read, deadline);
    }
    return changes;
  }

  /** After a write that may have been made, the etag is another one. */
  private void checkEtag(Policy read) {
    if (applied.isEmpty()) {
      etag.filter(expected -> !expected.equals(PlannedPolicy.etagOf(read)))
          .ifPresent(
              expected -> {
                throw InternalExceptions.conflict(
                    ("The saved plan is stale: the policy of %s has the etag %s, and had %s when the plan"
                            + " was made. It is not written. Make the plan again, review it and apply"
                            + " it.")
                        .formatted(account, PlannedPolicy.etagOf(read), expected));
              });
    }
  }

  private void write(Edited edited, Policy read, Deadline deadline) throws Exception {
    PolicyWriteChecks.checkEtag(account, read);
    try {
      policies.write(account, edited.policy(), deadline);
    } catch (Throwable e) {
      FailedCallException failed = FailedCallException.of(e);
      if (failed.failure().mayBeApplied()) {
        unconfirmed.add(account, read);
        record(edited);
      }
      Throwables.throwIfInstanceOf(e, Error.class);
      throw failed;
    }
    unconfirmed.invalidate(account, read);
    record(edited);
  }

  private void record(Edited edited) {
    edited.applied().forEach(each -> applied.putIfAbsent(each.change().binding(), each));
  }

  private PolicyChange orAppliedBefore(PolicyChange change) {
    AppliedChange before = applied.get(change.binding());
    return before == null ? change : before.change();
  }

  /** Returns the changes that were made or, if the call failed, may have been made. */
  Collection<AppliedChange> applied() {
    return applied.values();
  }

  /** Applies the edits to a policy; refuses a result that must not be written. */
  static Edited edit(ServiceAccount account, Policy read, List<PolicyEdit> wanted) {
    Policy policy = read;
    List<PolicyChange> changes = new ArrayList<>();
    List<AppliedChange> applied = new ArrayList<>();
    for (PolicyEdit edit : wanted) {
      PolicyChange change = edit.change();
      Binding binding = change.binding();
      Optional<Policy> next = BindingEdits.edit(policy, edit);
      if (next.isPresent()) {
        changes.add(change);
        applied.add(new AppliedChange(change, BindingEdits.namesakes(policy, binding)));
        policy = next.get();
      } else {
        changes.add(new PolicyChange(Kind.UNCHANGED, binding));
      }
    }
    if (!applied.isEmpty()) {
      PolicyWriteChecks.checkRead(account, read);
    }
    if (changes.stream().anyMatch(change -> change.kind() == Kind.ADDED)) {
      PolicyWriteChecks.checkLimits(account, policy);
    }
    return new Edited(policy, changes, applied);
  }

  /**
   * An edited policy.
   *
   * @param changes what the edits do to each binding
   * @param applied those that change the policy
   */
  record Edited(Policy policy, List<PolicyChange> changes, List<AppliedChange> applied) {
    boolean changed() {
      return !applied.isEmpty();
    }
  }
}
