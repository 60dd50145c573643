package io.github.shortlived.internal.policy;

import com.google.api.gax.rpc.StatusCode.Code;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.Multimaps;
import com.google.iam.admin.v1.ListServiceAccountsResponse;
import com.google.iam.v1.Policy;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.internal.client.GoogleApiClient;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.failure.ServiceFailure;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.IamRoles;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import io.github.shortlived.policy.PolicyChange;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Reads and edits the policies of service accounts, account by account. Thread-safe; blocks. */
public final class PolicyEditor implements AutoCloseable {
  private final ClientContext context;
  private final PolicyStore policies;
  private final PolicyEvents events;
  private final AccountLocks turns = new AccountLocks();
  private volatile boolean closed;

  public PolicyEditor(ClientContext context, PolicyStore policies) {
    this.context = context;
    this.policies = policies;
    this.events = new PolicyEvents(context.events(), context.clock());
  }

  /** Connects to the IAM API. */
  public static PolicyEditor connect(ClientContext context) {
    try {
      return new PolicyEditor(
          context,
          new IamPolicyStore(GoogleApiClient.iam(context.endpoints().iam()), context.source()));
    } catch (IOException e) {
      throw InternalExceptions.translate(e, "Starting the IAM client");
    }
  }

  Policy read(ServiceAccount account) {
    return call(
        deadline -> policies.read(account, deadline),
        ServiceFailure::retryable,
        "Reading the policy of " + account,
        () -> needed(account),
        () -> "");
  }

  /** The account's policy as one binding per role, member and condition. */
  public List<Binding> bindings(ServiceAccount account) {
    List<Binding> bindings = new ArrayList<>();
    for (com.google.iam.v1.Binding binding : read(account).getBindingsList()) {
      Optional<Condition> condition = BindingEdits.conditionOf(binding);
      binding
          .getMembersList()
          .forEach(
              member ->
                  bindings.add(
                      new Binding(account, binding.getRole(), Member.inPolicy(member), condition)));
    }
    return bindings;
  }

  /** The service accounts of a project, disabled ones included. */
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
    return call(
        deadline -> policies.accounts(projectId, pageToken, deadline),
        ServiceFailure::retryable,
        "Listing the service accounts of " + projectId,
        List::of,
        () -> "");
  }

  /** What {@link #edit} would do by the policies as they are. */
  public List<PolicyChange> preview(List<PolicyChange> wanted) {
    List<PolicyChange> changes = new ArrayList<>();
    byAccount(wanted)
        .asMap()
        .forEach(
            (account, ofAccount) ->
                changes.addAll(
                    ReadModifyWrite.edit(account, read(account), List.copyOf(ofAccount))
                        .changes()));
    return changes;
  }

  public List<PolicyChange> edit(List<PolicyChange> wanted) {
    return edit(wanted, changed -> {});
  }

  /**
   * Makes the changes, one policy after the other until one fails, and tells each binding that was,
   * or may have been, changed.
   */
  public List<PolicyChange> edit(List<PolicyChange> wanted, Consumer<PolicyChange> changed) {
    List<PolicyChange> done = new ArrayList<>();
    byAccount(wanted)
        .asMap()
        .forEach(
            (account, ofAccount) ->
                done.addAll(editOne(account, List.copyOf(ofAccount), done, changed)));
    return done;
  }

  /**
   * As {@link #edit(List, Consumer)}, but goes on after a failure, which is thrown at the end, and
   * tells each binding that is as wanted.
   */
  public List<PolicyChange> editAll(List<PolicyChange> wanted, Consumer<PolicyChange> asWanted) {
    List<PolicyChange> done = new ArrayList<>();
    List<CredentialException> failures = new ArrayList<>();
    byAccount(wanted)
        .asMap()
        .forEach(
            (account, ofAccount) -> {
              try {
                done.addAll(editOne(account, List.copyOf(ofAccount), done, change -> {}));
                ofAccount.forEach(asWanted);
              } catch (CredentialException e) {
                failures.add(e);
              }
            });
    throwFirst(failures);
    return done;
  }

  private static void throwFirst(List<CredentialException> failures) {
    if (!failures.isEmpty()) {
      CredentialException first = failures.get(0);
      failures.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
  }

  private List<PolicyChange> editOne(
      ServiceAccount account,
      List<PolicyChange> wanted,
      Collection<PolicyChange> before,
      Consumer<PolicyChange> changed) {
    ReadModifyWrite cycle = new ReadModifyWrite(policies, account, wanted);
    long begin = context.retrier().stopwatch().nanoTime();
    try {
      List<PolicyChange> changes =
          call(
              deadline -> turns.runExclusively(account, deadline, cycle),
              PolicyEditor::worthAnotherCycle,
              "Editing the policy of " + account,
              () -> needed(account),
              () ->
                  told("\nPerhaps made, for its answer was lost:", cycle.possiblyWritten())
                      + told("\nDone before it, and still in place:", before));
      Duration took = Duration.ofNanos(context.retrier().stopwatch().nanoTime() - begin);
      changes.stream()
          .filter(PolicyChange::changed)
          .forEach(changed.andThen(change -> events.changed(change, took, cycle.begun())));
      return changes;
    } catch (CredentialException e) {
      cycle.possiblyWritten().forEach(changed);
      throw e;
    }
  }

  private static ImmutableListMultimap<ServiceAccount, PolicyChange> byAccount(
      List<PolicyChange> changes) {
    return Multimaps.index(changes, change -> change.binding().account());
  }

  private static String told(String title, Collection<PolicyChange> changes) {
    return changes.isEmpty()
        ? ""
        : changes.stream()
            .map(change -> "\n  " + change)
            .collect(Collectors.joining("", title, ""));
  }

  private static boolean worthAnotherCycle(ServiceFailure failure) {
    return failure.retryable() || failure.status() == Code.ABORTED;
  }

  private <T> T call(
      Retrier.Attempt<T> attempt,
      Predicate<ServiceFailure> worthRetrying,
      String action,
      Supplier<List<RequiredGrant>> needed,
      Supplier<String> aftermath) {
    checkOpen();
    try {
      return context.call(action, attempt, worthRetrying, needed);
    } catch (CredentialException e) {
      throw InternalExceptions.withSuffix(e, aftermath.get());
    }
  }

  private List<RequiredGrant> needed(ServiceAccount account) {
    Optional<Member> caller = context.source().memberIfKnown().map(Member::of);
    return List.of(new RequiredGrant(account, IamRoles.SERVICE_ACCOUNT_ADMIN, caller));
  }

  public void checkOpen() {
    if (closed) {
      throw new IllegalStateException("These Grants are closed");
    }
  }

  @Override
  public void close() {
    closed = true;
    policies.close();
  }
}
