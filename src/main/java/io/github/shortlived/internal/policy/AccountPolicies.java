package io.github.shortlived.internal.policy;

import com.google.common.collect.Comparators;
import com.google.iam.admin.v1.ListServiceAccountsResponse;
import com.google.iam.v1.Policy;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.internal.client.Description;
import io.github.shortlived.internal.client.IamAdminApi;
import io.github.shortlived.internal.client.RequiredGrants;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.ServiceFailure;
import io.github.shortlived.internal.text.IamRoles;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import java.time.Duration;
import java.util.List;

/** Reads the policies of service accounts through the IAM API. Thread-safe; blocks. */
public final class AccountPolicies implements AutoCloseable {
  private static final Duration MIN_SHARE = Duration.ofSeconds(5);

  private final ClientContext context;
  private final PolicyStore store;
  private volatile boolean closed;

  AccountPolicies(ClientContext context, PolicyStore store) {
    this.context = context;
    this.store = store;
  }

  /** Connects to the IAM API. */
  public static AccountPolicies connect(ClientContext context) {
    return new AccountPolicies(context, store(context));
  }

  static PolicyStore store(ClientContext context) {
    return new IamPolicyStore(IamAdminApi.connect(context));
  }

  PolicyStore store() {
    return store;
  }

  /** Returns the deadline of a call that begins now, which all its accounts share. */
  Deadline deadline() {
    return context.retrier().deadline();
  }

  /**
   * Returns the deadline of the next of this many accounts, so that one that does not respond
   * leaves time for the others: an equal part of what remains, at least 5 seconds.
   */
  Deadline share(Deadline total, int accounts) {
    Duration least = Comparators.min(MIN_SHARE, deadline().remaining());
    Duration share = total.remaining().dividedBy(accounts);
    return Deadline.after(Comparators.max(share, least), total.clock());
  }

  Policy read(ServiceAccount account, Deadline deadline) {
    checkOpen();
    return context
        .within(deadline)
        .call(
            "Reading the policy of " + account,
            attempt -> store.read(account, attempt),
            ServiceFailure::retryable,
            () ->
                RequiredGrants.ofCaller(
                    context.source(), account, IamRoles.SERVICE_ACCOUNT_VIEWER));
  }

  /** Reads the account's policy and returns one binding per role, member and condition. */
  public List<Binding> bindings(ServiceAccount account) {
    return BindingEdits.bindings(account, read(account, deadline()));
  }

  /** Lists the service accounts of a project, including disabled ones. */
  public List<ServiceAccount> accountsOf(String projectId) {
    Deadline deadline = deadline();
    return IamAdminApi.allPages(pageToken -> accounts(projectId, pageToken, deadline)).stream()
        .map(account -> ServiceAccount.of(account.getEmail()))
        .toList();
  }

  private ListServiceAccountsResponse accounts(
      String projectId, String pageToken, Deadline deadline) {
    checkOpen();
    return context
        .within(deadline)
        .call(
            "Listing the service accounts of " + projectId,
            attempt -> store.accounts(projectId, pageToken, attempt));
  }

  /** Throws {@link IllegalStateException} after {@link #close}. */
  public void checkOpen() {
    if (closed) {
      throw new IllegalStateException("These Grants, or this AccessAudit, are closed");
    }
  }

  /** Describes an object of this type that reads these policies. */
  public String describe(Class<?> type) {
    return Description.of(type, context).closed(closed).toString();
  }

  @Override
  public void close() {
    closed = true;
    store.close();
  }
}
