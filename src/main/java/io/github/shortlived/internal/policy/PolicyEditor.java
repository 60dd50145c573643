package io.github.shortlived.internal.policy;

import com.google.common.base.Throwables;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.internal.client.RequiredGrants;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.ServiceFailure;
import io.github.shortlived.internal.text.IamRoles;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Edits the policies of service accounts, one after the other. Thread-safe; blocks. */
public final class PolicyEditor implements AutoCloseable {
  private final ClientContext context;
  private final AccountPolicies policies;
  private final AccountLocks locks = new AccountLocks();
  private final UnconfirmedWrites unconfirmed = new UnconfirmedWrites();

  public PolicyEditor(ClientContext context, PolicyStore store) {
    this.context = context;
    this.policies = new AccountPolicies(context, store);
  }

  /** Connects to the IAM API. */
  public static PolicyEditor connect(ClientContext context) {
    return new PolicyEditor(context, AccountPolicies.store(context));
  }

  /** Returns the reader of the same policies. */
  public AccountPolicies policies() {
    return policies;
  }

  /** Returns one change of this kind per binding. */
  public static List<PolicyChange> changes(Kind kind, List<Binding> bindings) {
    return bindings.stream().map(binding -> new PolicyChange(kind, binding)).toList();
  }

  /**
   * Makes the edits, one policy after the other, until one fails. Also ends earlier writes to these
   * accounts whose response was lost.
   *
   * @param applied receives each change that was, or may have been, made
   */
  public List<PolicyChange> edit(
      Collection<ServiceAccount> accounts,
      List<PolicyEdit> wanted,
      Consumer<AppliedChange> applied) {
    return edit(accounts, wanted, Map.of(), applied);
  }

  /**
   * Makes the edits like {@link #edit(Collection, List, Consumer)}.
   *
   * @param etags the etags that policies must have, in base64; a policy that is not listed may have
   *     any
   * @throws CredentialException.Conflict if a policy has another one; it is not written
   */
  public List<PolicyChange> edit(
      Collection<ServiceAccount> accounts,
      List<PolicyEdit> wanted,
      Map<ServiceAccount, String> etags,
      Consumer<AppliedChange> applied) {
    Deadline deadline = policies.deadline();
    List<PolicyChange> done = new ArrayList<>();
    byAccount(accounts, wanted)
        .forEach(
            (account, own) ->
                done.addAll(
                    editOne(
                        account,
                        own,
                        Optional.ofNullable(etags.get(account)),
                        done,
                        applied,
                        deadline)));
    return done;
  }

  /**
   * Makes the edits like {@link #edit}, continues after a failure, and throws the first one at the
   * end. Each account has its {@link AccountPolicies#share share} of the total timeout.
   *
   * @param etags as in {@link #edit(Collection, List, Map, Consumer)}
   * @param applied receives each change that was, or may have been, made
   * @param edited receives each account whose edits are all in place
   */
  public List<PolicyChange> editAll(
      Collection<ServiceAccount> accounts,
      List<PolicyEdit> wanted,
      Map<ServiceAccount, String> etags,
      Consumer<AppliedChange> applied,
      Consumer<ServiceAccount> edited) {
    Deadline deadline = policies.deadline();
    Map<ServiceAccount, List<PolicyEdit>> edits = byAccount(accounts, wanted);
    List<PolicyChange> done = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    int left = edits.size();
    for (Map.Entry<ServiceAccount, List<PolicyEdit>> each : edits.entrySet()) {
      ServiceAccount account = each.getKey();
      try {
        Deadline share = policies.share(deadline, left--);
        Optional<String> etag = Optional.ofNullable(etags.get(account));
        done.addAll(editOne(account, each.getValue(), etag, done, applied, share));
        edited.accept(account);
      } catch (RuntimeException | Error e) {
        failures.add(e);
      }
    }
    throwFirst(failures);
    return done;
  }

  /** Throws the first failure, if there is one, with the others suppressed. */
  public static void throwFirst(List<? extends Throwable> failures) {
    if (!failures.isEmpty()) {
      Throwable first = failures.get(0);
      failures.stream().skip(1).filter(other -> other != first).forEach(first::addSuppressed);
      Throwables.throwIfUnchecked(first);
    }
  }

  private List<PolicyChange> editOne(
      ServiceAccount account,
      List<PolicyEdit> wanted,
      Optional<String> etag,
      Collection<PolicyChange> before,
      Consumer<AppliedChange> applied,
      Deadline deadline) {
    policies.checkOpen();
    ReadModifyWrite cycle =
        new ReadModifyWrite(policies.store(), unconfirmed, account, wanted, etag);
    long start = context.retrier().stopwatch().nanoTime();
    try {
      List<PolicyChange> changes =
          context
              .within(deadline)
              .call(
                  "Editing the policy of " + account,
                  attempt -> locks.runExclusively(account, attempt, cycle),
                  ServiceFailure::retryableOrConflict,
                  () ->
                      RequiredGrants.ofCaller(
                          context.source(), account, IamRoles.SERVICE_ACCOUNT_ADMIN));
      publish(changes, Duration.ofNanos(context.retrier().stopwatch().nanoTime() - start), cycle);
      return changes;
    } catch (CredentialException e) {
      List<PolicyChange> possible = cycle.applied().stream().map(AppliedChange::change).toList();
      throw InternalExceptions.withSuffix(
          e,
          list("Possibly made, because the response was lost:", possible)
              + list("Made before this failure, and still in place:", before));
    } finally {
      cycle.applied().forEach(applied);
    }
  }

  private void publish(List<PolicyChange> changes, Duration elapsed, ReadModifyWrite cycle) {
    changes.stream()
        .filter(PolicyChange::changed)
        .forEach(change -> context.publish(() -> event(change, elapsed, cycle.cycles)));
  }

  /** Returns a title and the changes, in lines that begin with a line break; empty for none. */
  public static String list(String title, Collection<PolicyChange> changes) {
    String lines = changes.stream().map(change -> "\n  " + change).collect(Collectors.joining());
    return lines.isEmpty() ? "" : "\n" + title + lines;
  }

  private CredentialEvent event(PolicyChange change, Duration elapsed, int cycles) {
    Binding binding = change.binding();
    RequiredGrant grant =
        new RequiredGrant(binding.account(), binding.role(), Optional.of(binding.member()));
    if (change.kind() == Kind.ADDED) {
      return new CredentialEvent.Granted(grant, elapsed, cycles);
    }
    return binding.isExpiredAt(context.clock().instant())
        ? new CredentialEvent.Swept(grant, elapsed, cycles)
        : new CredentialEvent.Revoked(grant, elapsed, cycles);
  }

  /** Groups the edits; includes the accounts with a write whose response was lost. */
  private Map<ServiceAccount, List<PolicyEdit>> byAccount(
      Collection<ServiceAccount> accounts, List<PolicyEdit> edits) {
    Map<ServiceAccount, List<PolicyEdit>> byAccount =
        new LinkedHashMap<>(PolicyEdit.byAccount(edits));
    accounts.stream()
        .filter(unconfirmed::contains)
        .forEach(account -> byAccount.putIfAbsent(account, List.of()));
    return byAccount;
  }

  @Override
  public void close() {
    policies.close();
  }
}
