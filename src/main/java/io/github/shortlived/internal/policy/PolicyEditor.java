package io.github.shortlived.internal.policy;

import com.google.api.gax.rpc.StatusCode.Code;
import com.google.common.collect.Lists;
import com.google.common.collect.Multimaps;
import com.google.iam.admin.v1.ListServiceAccountsResponse;
import com.google.iam.v1.Policy;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.internal.client.GoogleApiClient;
import io.github.shortlived.internal.failure.ServiceFailure;
import io.github.shortlived.internal.text.IamRoles;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Reads and edits the policies of service accounts, one after the other. Thread-safe; blocks. */
public final class PolicyEditor implements AutoCloseable {
  private final ClientContext context;
  private final PolicyStore policies;
  private final AccountLocks locks = new AccountLocks();
  private volatile boolean closed;

  public PolicyEditor(ClientContext context, PolicyStore policies) {
    this.context = context;
    this.policies = policies;
  }

  /** Connects to the IAM API. */
  public static PolicyEditor connect(ClientContext context) {
    try {
      return new PolicyEditor(
          context,
          new IamPolicyStore(GoogleApiClient.iam(context.endpoints().iam()), context.source()));
    } catch (IOException | LinkageError e) {
      throw InternalExceptions.translate(e, "Starting the IAM client");
    }
  }

  /** Returns one change of this kind per binding. */
  public static List<PolicyChange> changes(Kind kind, List<Binding> bindings) {
    return bindings.stream().map(binding -> new PolicyChange(kind, binding)).toList();
  }

  /** Returns the changes that undo these, in reverse order. */
  public static List<PolicyChange> undoing(List<PolicyChange> changes) {
    return Lists.reverse(changes).stream()
        .filter(PolicyChange::changed)
        .map(
            change ->
                new PolicyChange(
                    change.kind() == Kind.ADDED ? Kind.REMOVED : Kind.ADDED, change.binding()))
        .toList();
  }

  Policy read(ServiceAccount account) {
    checkOpen();
    return context.call(
        "Reading the policy of " + account,
        deadline -> policies.read(account, deadline),
        ServiceFailure::retryable,
        () -> requiredGrants(account));
  }

  /** Reads the account's policy and returns one binding per role, member and condition. */
  public List<Binding> bindings(ServiceAccount account) {
    return BindingEdits.bindings(account, read(account));
  }

  /** Lists the service accounts of a project, including disabled ones. */
  public List<ServiceAccount> accountsOf(String projectId) {
    List<ServiceAccount> accounts = new ArrayList<>();
    String pageToken = "";
    do {
      ListServiceAccountsResponse page = accounts(projectId, pageToken);
      page.getAccountsList()
          .forEach(account -> accounts.add(ServiceAccount.of(account.getEmail())));
      pageToken = page.getNextPageToken();
    } while (!pageToken.isEmpty());
    return accounts;
  }

  private ListServiceAccountsResponse accounts(String projectId, String pageToken) {
    checkOpen();
    return context.call(
        "Listing the service accounts of " + projectId,
        deadline -> policies.accounts(projectId, pageToken, deadline));
  }

  /** Reads the policies and returns the changes that {@link #edit} would make. */
  public List<PolicyChange> preview(List<PolicyChange> wanted) {
    return byAccount(wanted).entrySet().stream()
        .map(e -> ReadModifyWrite.edit(e.getKey(), read(e.getKey()), e.getValue()))
        .flatMap(edited -> edited.changes().stream())
        .toList();
  }

  /** Makes the changes, one policy after the other, until one fails. */
  public List<PolicyChange> edit(List<PolicyChange> wanted) {
    return edit(wanted, changed -> {});
  }

  /** Makes the changes, and reports each one that was, or may have been, written. */
  public List<PolicyChange> edit(List<PolicyChange> wanted, Consumer<PolicyChange> changed) {
    List<PolicyChange> done = new ArrayList<>();
    byAccount(wanted).forEach((account, own) -> done.addAll(editOne(account, own, done, changed)));
    return done;
  }

  /**
   * Makes the changes, continues after a failure, and throws the first one at the end. Reports each
   * wanted change that is in place.
   */
  public List<PolicyChange> editAll(List<PolicyChange> wanted, Consumer<PolicyChange> inPlace) {
    List<PolicyChange> done = new ArrayList<>();
    List<CredentialException> failures = new ArrayList<>();
    byAccount(wanted)
        .forEach(
            (account, own) -> {
              try {
                done.addAll(editOne(account, own, done, change -> {}));
                own.forEach(inPlace);
              } catch (CredentialException e) {
                failures.add(e);
              }
            });
    if (!failures.isEmpty()) {
      CredentialException first = failures.get(0);
      failures.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
    return done;
  }

  private List<PolicyChange> editOne(
      ServiceAccount account,
      List<PolicyChange> wanted,
      Collection<PolicyChange> before,
      Consumer<PolicyChange> changed) {
    checkOpen();
    ReadModifyWrite cycle = new ReadModifyWrite(policies, account, wanted);
    long start = context.retrier().stopwatch().nanoTime();
    try {
      List<PolicyChange> changes =
          context.call(
              "Editing the policy of " + account,
              deadline -> locks.runExclusively(account, deadline, cycle),
              PolicyEditor::isRetryable,
              () -> requiredGrants(account));
      Duration elapsed = Duration.ofNanos(context.retrier().stopwatch().nanoTime() - start);
      changes.stream()
          .filter(PolicyChange::changed)
          .forEach(
              changed.andThen(
                  change -> context.publish(() -> event(change, elapsed, cycle.cycles))));
      return changes;
    } catch (CredentialException e) {
      cycle.possiblyWritten.forEach(changed);
      throw InternalExceptions.withSuffix(
          e,
          list("\nPossibly made, because the response was lost:", cycle.possiblyWritten)
              + list("\nMade before this failure, and still in place:", before));
    }
  }

  private static String list(String title, Collection<PolicyChange> changes) {
    String lines = changes.stream().map(change -> "\n  " + change).collect(Collectors.joining());
    return lines.isEmpty() ? "" : title + lines;
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

  private static Map<ServiceAccount, List<PolicyChange>> byAccount(List<PolicyChange> changes) {
    return Multimaps.asMap(Multimaps.index(changes, change -> change.binding().account()));
  }

  private static boolean isRetryable(ServiceFailure failure) {
    return failure.retryable() || failure.status() == Code.ABORTED;
  }

  private List<RequiredGrant> requiredGrants(ServiceAccount account) {
    Optional<Member> caller = context.source().memberIfKnown().map(Member::of);
    return List.of(new RequiredGrant(account, IamRoles.SERVICE_ACCOUNT_ADMIN, caller));
  }

  /** Throws {@link IllegalStateException} after {@link #close}. */
  public void checkOpen() {
    if (closed) {
      throw new IllegalStateException("The connection to the IAM API is closed");
    }
  }

  @Override
  public void close() {
    closed = true;
    policies.close();
  }
}
