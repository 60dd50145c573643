package io.github.shortlived.internal.policy;

import com.google.iam.v1.Policy;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Plans edits of policies: reads policies, and writes none. Thread-safe; blocks. */
public final class PolicyPlanner {
  private final AccountPolicies policies;

  public PolicyPlanner(AccountPolicies policies) {
    this.policies = policies;
  }

  /** Reads the policies and returns what these edits would change. */
  public List<PlannedPolicy> plan(List<PolicyEdit> wanted) {
    Deadline deadline = policies.deadline();
    return PolicyEdit.byAccount(wanted).entrySet().stream()
        .map(e -> plan(e.getKey(), policies.read(e.getKey(), deadline), e.getValue()))
        .toList();
  }

  /** Reads the policies and plans the removal of each binding that matches. */
  public List<PlannedPolicy> planRemovals(
      Collection<ServiceAccount> accounts, Predicate<Binding> which) {
    Deadline deadline = policies.deadline();
    return accounts.stream()
        .distinct()
        .map(account -> planRemovals(account, which, deadline))
        .toList();
  }

  /**
   * Reads the policies and plans removals, as {@link #planRemovals(Collection, Predicate)}.
   * Continues after a failure, unless the thread is interrupted. Each account has its {@link
   * AccountPolicies#share share} of the total timeout.
   *
   * @param failed receives each account that failed
   */
  public List<PlannedPolicy> planRemovals(
      Collection<ServiceAccount> accounts,
      Predicate<Binding> which,
      BiConsumer<ServiceAccount, CredentialException> failed) {
    Deadline deadline = policies.deadline();
    List<PlannedPolicy> planned = new ArrayList<>();
    int left = accounts.size();
    for (ServiceAccount account : accounts) {
      try {
        planned.add(planRemovals(account, which, policies.share(deadline, left--)));
      } catch (CredentialException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
        failed.accept(account, e);
      }
    }
    return planned;
  }

  private PlannedPolicy planRemovals(
      ServiceAccount account, Predicate<Binding> which, Deadline deadline) {
    Policy policy = policies.read(account, deadline);
    List<Binding> bindings =
        BindingEdits.bindings(account, policy).stream().filter(which).distinct().toList();
    List<PolicyEdit> edits =
        bindings.stream()
            .map(binding -> new PolicyChange(Kind.REMOVED, binding))
            .map(c -> PolicyEdit.since(c, BindingEdits.namesakes(policy, c.binding())))
            .toList();
    List<PolicyChange> changes = plan(account, policy, edits).changes();
    List<PolicyEdit> effective =
        IntStream.range(0, edits.size())
            .filter(n -> changes.get(n).changed())
            .mapToObj(edits::get)
            .toList();
    return plan(account, policy, effective);
  }

  private static PlannedPolicy plan(ServiceAccount account, Policy policy, List<PolicyEdit> edits) {
    List<PolicyChange> changes = ReadModifyWrite.edit(account, policy, edits).changes();
    return new PlannedPolicy(account, PlannedPolicy.etagOf(policy), edits, changes);
  }

  /**
   * Reads the policies again, each within its {@link AccountPolicies#share share} of the total
   * timeout, and checks that each has the planned etag and that the edits still make the planned
   * changes.
   *
   * @throws CredentialException.Conflict for all policies of which that is not true
   */
  public void checkCurrent(List<PlannedPolicy> planned) {
    Deadline deadline = policies.deadline();
    List<String> outdated = new ArrayList<>();
    int left = planned.size();
    for (PlannedPolicy then : planned) {
      Policy policy = policies.read(then.account(), policies.share(deadline, left--));
      PlannedPolicy now = plan(then.account(), policy, then.edits());
      if (!now.etag().equals(then.etag()) || !now.changes().equals(then.changes())) {
        outdated.add(difference(then, now));
      }
    }
    if (!outdated.isEmpty()) {
      throw InternalExceptions.conflict(
          ("The saved plan is stale, and nothing is written: %d of its %d policies changed after it"
                  + " was made. Make the plan again, review it and apply it.\n%s")
              .formatted(outdated.size(), planned.size(), String.join("\n", outdated)));
    }
  }

  /** Returns a line with the etags, and one for each change that is another one now. */
  private static String difference(PlannedPolicy then, PlannedPolicy now) {
    String changes =
        IntStream.range(0, then.changes().size())
            .filter(n -> !now.changes().get(n).equals(then.changes().get(n)))
            .mapToObj(
                n ->
                    "\n  planned %s\n  now     %s"
                        .formatted(then.changes().get(n), now.changes().get(n)))
            .collect(Collectors.joining());
    return "%s: etag %s then, %s now%s".formatted(then.account(), then.etag(), now.etag(), changes);
  }
}
