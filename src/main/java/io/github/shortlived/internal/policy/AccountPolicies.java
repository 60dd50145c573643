package io.github.shortlived.internal.policy;

import com.google.common.collect.Comparators;
import com.google.iam.admin.v1.ListServiceAccountsResponse;
import com.google.iam.v1.Policy;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.internal.client.GoogleApiClient;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.ServiceFailure;
import io.github.shortlived.internal.text.IamRoles;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.Binding;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    try {
      return new IamPolicyStore(GoogleApiClient.iam(context.endpoints().iam()), context.source());
    } catch (IOException e) {
      throw InternalExceptions.translate(e, "Starting the IAM client");
    } catch (RuntimeException | Error e) {
      InternalExceptions.throwIfWrongClassPath(e);
      throw e;
    }
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
            () -> requiredGrants(account, IamRoles.SERVICE_ACCOUNT_VIEWER));
  }

  /** Reads the account's policy and returns one binding per role, member and condition. */
  public List<Binding> bindings(ServiceAccount account) {
    return BindingEdits.bindings(account, read(account, deadline()));
  }

  /** Lists the service accounts of a project, including disabled ones. */
  public List<ServiceAccount> accountsOf(String projectId) {
    Deadline deadline = deadline();
    List<ServiceAccount> accounts = new ArrayList<>();
    String pageToken = "";
    do {
      ListServiceAccountsResponse page = accounts(projectId, pageToken, deadline);
      page.getAccountsList()
          .forEach(account -> accounts.add(ServiceAccount.of(account.getEmail())));
      pageToken = page.getNextPageToken();
    } while (!pageToken.isEmpty());
    return accounts;
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

  /** Returns the grant that the caller needs; may block to identify it. */
  List<RequiredGrant> requiredGrants(ServiceAccount account, String role) {
    Optional<Member> caller = context.source().identity().memberIfKnown();
    return List.of(new RequiredGrant(account, role, caller));
  }

  /** Throws {@link IllegalStateException} after {@link #close}. */
  public void checkOpen() {
    if (closed) {
      throw new IllegalStateException("These Grants, or this AccessAudit, are closed");
    }
  }

  @Override
  public void close() {
    closed = true;
    store.close();
  }
}
