package io.github.shortlived.grant;

import com.google.api.gax.rpc.StatusCode.Code;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.Multimaps;
import com.google.iam.admin.v1.ListServiceAccountsResponse;
import com.google.iam.v1.Policy;
import io.github.shortlived.CredentialException;
import io.github.shortlived.Member;
import io.github.shortlived.RequiredGrant;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.Scopes;
import io.github.shortlived.ServiceAccount;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.CrossAccountGrant.Binding;
import io.github.shortlived.internal.GoogleClient;
import io.github.shortlived.internal.Retrier;
import io.github.shortlived.internal.ServiceFailure;
import io.github.shortlived.internal.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Reads and edits the policies of service accounts, account by account. Thread-safe; blocks. */
final class PolicyEditor implements AutoCloseable {
  private static final String POLICY_ADMIN = "roles/iam.serviceAccountAdmin";

  private final PolicyStore policies;
  private final Retrier retrier;
  private final Source source;
  private final Turns turns = new Turns();
  private volatile boolean closed;

  PolicyEditor(Source source, PolicyStore policies, RetryPolicy policy) {
    this.source = source;
    this.policies = policies;
    this.retrier =
        Retrier.of(
            policy.initialDelay(), policy.maxDelay(), policy.totalTimeout(), policy.retries());
  }

  static PolicyEditor using(ShortLivedCredentials credentials) {
    Source source = Source.of(credentials.sourceCredentials(), Scopes.CLOUD_PLATFORM);
    try {
      PolicyStore policies =
          new IamPolicyStore(GoogleClient.iam(credentials.endpoints().iam()), source);
      return new PolicyEditor(source, policies, credentials.retryPolicy());
    } catch (IOException e) {
      throw CredentialException.from(e, "Starting the IAM client", List.of());
    }
  }

  Policy read(ServiceAccount account) {
    return call(
        deadline -> policies.read(account, deadline),
        PolicyEditor::worthRepeating,
        "Reading the policy of " + account,
        () -> needed(account),
        "");
  }

  /** The account's policy as one binding per role, member and condition. */
  List<Binding> bindings(ServiceAccount account) {
    List<Binding> bindings = new ArrayList<>();
    for (com.google.iam.v1.Binding binding : read(account).getBindingsList()) {
      Optional<Condition> condition = PolicyEdits.conditionOf(binding);
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
  List<ServiceAccount> accountsOf(String projectId) {
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
        PolicyEditor::worthRepeating,
        "Listing the service accounts of " + projectId,
        List::of,
        "");
  }

  /** What {@link #edit} would do by the policies as they are. */
  List<PolicyChange> preview(List<PolicyChange> wanted) {
    List<PolicyChange> changes = new ArrayList<>();
    byAccount(wanted)
        .asMap()
        .forEach(
            (account, ofAccount) ->
                changes.addAll(
                    PolicyCycle.edit(account, read(account), List.copyOf(ofAccount)).changes()));
    return changes;
  }

  List<PolicyChange> edit(List<PolicyChange> wanted) {
    List<PolicyChange> done = new ArrayList<>();
    edit(wanted, done::add);
    return done;
  }

  /** Makes the changes, one policy after the other, and tells each one that is in place. */
  void edit(List<PolicyChange> wanted, Consumer<PolicyChange> listener) {
    List<PolicyChange> done = new ArrayList<>();
    byAccount(wanted)
        .asMap()
        .forEach(
            (account, ofAccount) -> {
              List<PolicyChange> changes = editOne(account, List.copyOf(ofAccount), done);
              changes.forEach(listener);
              done.addAll(changes);
            });
  }

  private List<PolicyChange> editOne(
      ServiceAccount account, List<PolicyChange> wanted, Collection<PolicyChange> before) {
    PolicyCycle cycle = new PolicyCycle(policies, account, wanted);
    return call(
        deadline -> turns.take(account, deadline, cycle),
        PolicyEditor::worthAnotherCycle,
        "Editing the policy of " + account,
        () -> needed(account),
        inPlace(before));
  }

  private static ImmutableListMultimap<ServiceAccount, PolicyChange> byAccount(
      List<PolicyChange> changes) {
    return Multimaps.index(changes, change -> change.binding().account());
  }

  private static String inPlace(Collection<PolicyChange> done) {
    return done.isEmpty()
        ? ""
        : done.stream()
            .map(change -> "\n  " + change)
            .collect(Collectors.joining("", "\nDone before it, and still in place:", ""));
  }

  private static boolean worthRepeating(Exception e) {
    return ServiceFailure.of(e).retryable();
  }

  private static boolean worthAnotherCycle(Exception e) {
    ServiceFailure failure = ServiceFailure.of(e);
    return failure.retryable() || failure.status() == Code.ABORTED;
  }

  private <T> T call(
      Retrier.Attempt<T> attempt,
      Predicate<Exception> worthRetrying,
      String action,
      Supplier<List<RequiredGrant>> needed,
      String aftermath) {
    if (closed) {
      throw new IllegalStateException("These Grants are closed");
    }
    try {
      return retrier.call(attempt, worthRetrying);
    } catch (Exception e) {
      throw CredentialException.from(e, action, needed, aftermath);
    }
  }

  private List<RequiredGrant> needed(ServiceAccount account) {
    Optional<Member> caller = source.memberIfKnown().map(Member::of);
    return List.of(new RequiredGrant(account, POLICY_ADMIN, caller));
  }

  @Override
  public void close() {
    closed = true;
    policies.close();
  }
}
