package io.github.shortlived.account;

import static io.github.shortlived.internal.text.IamRoles.SERVICE_ACCOUNT_ADMIN;
import static io.github.shortlived.internal.text.IamRoles.SERVICE_ACCOUNT_VIEWER;
import static io.github.shortlived.model.InternalExceptions.require;

import com.google.iam.admin.v1.ListServiceAccountsResponse;
import io.github.shortlived.InternalCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.internal.client.Description;
import io.github.shortlived.internal.client.IamAdminApi;
import io.github.shortlived.internal.client.ProbeTimer;
import io.github.shortlived.internal.client.ProjectIds;
import io.github.shortlived.internal.client.RequiredGrants;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.ServiceFailure;
import io.github.shortlived.internal.text.IamRoles;
import io.github.shortlived.internal.text.Phrases;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.ServiceAccount;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Creates, reads, disables, deletes and restores service accounts. The caller needs {@code
 * roles/iam.serviceAccountAdmin} in the project; to create, read and list, {@code
 * roles/iam.serviceAccountCreator} is enough. Thread-safe. Calls block, and throw {@link
 * CredentialException}. After a lost response the call is repeated, and does not fail because an
 * earlier attempt has done its work. After {@link #close()} calls throw {@link
 * IllegalStateException}.
 *
 * @see <a href="https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts">
 *     projects.serviceAccounts</a>
 */
public final class ServiceAccounts implements AutoCloseable {
  private static final Duration USABLE_WITHIN = Duration.ofMinutes(5);

  private final ClientContext context;
  private final IamAdminApi api;
  private final AccountCalls calls;
  private final AccountAdvice advice;
  private volatile boolean closed;

  private ServiceAccounts(ClientContext context, IamAdminApi api) {
    this.context = context;
    this.api = api;
    this.calls = new AccountCalls(api);
    this.advice = new AccountAdvice(context.source());
  }

  /**
   * Returns a client that calls as the caller of these credentials, with their source token,
   * endpoints, retry policy and clock. Closing one of the two leaves the other open.
   */
  public static ServiceAccounts using(ShortLivedCredentials credentials) {
    Objects.requireNonNull(credentials, "credentials");
    ClientContext context = InternalCredentials.context(credentials);
    return new ServiceAccounts(context, IamAdminApi.connect(context));
  }

  /** Creates an account without a display name, as {@link #create(NewServiceAccount)} does. */
  public ServiceAccountInfo create(String projectId, String accountId) {
    return create(NewServiceAccount.of(projectId, accountId));
  }

  /**
   * Creates an account. If the project has an account with this ID, returns it unchanged: it may
   * have another display name, or be disabled. A new account is unknown to policies and to calls
   * for credentials at first; see {@link #awaitUsable(ServiceAccount)}.
   *
   * @throws CredentialException.Conflict if the ID is taken, but no account with it can be read
   */
  public ServiceAccountInfo create(NewServiceAccount account) {
    Objects.requireNonNull(account, "account");
    checkOpen();
    try {
      return ServiceAccountInfo.of(
          context.call(
              "Creating " + account.account(),
              AccountWrites.creation(calls, account),
              AccountWrites::isCreationRetryable,
              List::<RequiredGrant>of));
    } catch (CredentialException e) {
      throw advice.ofCreation(e, account.projectId());
    }
  }

  /**
   * Reads an account.
   *
   * @throws CredentialException.NotFound if no account has this email address
   * @throws CredentialException.PermissionDenied also for an unknown unique ID or default account,
   *     from which Google does not distinguish it
   */
  public ServiceAccountInfo get(ServiceAccount account) {
    Objects.requireNonNull(account, "account");
    return ServiceAccountInfo.of(
        call("Reading", account, SERVICE_ACCOUNT_VIEWER, deadline -> calls.get(account, deadline)));
  }

  /**
   * Lists all accounts of a project, also disabled ones, in the order of the service. The pages
   * share one total timeout.
   *
   * @param projectId the project's ID or number
   */
  public List<ServiceAccountInfo> list(String projectId) {
    Objects.requireNonNull(projectId, "projectId");
    ProjectIds.checkIdOrNumber(projectId);
    Deadline deadline = context.retrier().deadline();
    try {
      return IamAdminApi.allPages(pageToken -> page(projectId, pageToken, deadline)).stream()
          .map(ServiceAccountInfo::of)
          .toList();
    } catch (CredentialException e) {
      throw advice.inProject(e, projectId, SERVICE_ACCOUNT_VIEWER);
    }
  }

  private ListServiceAccountsResponse page(String projectId, String pageToken, Deadline deadline) {
    checkOpen();
    return context
        .within(deadline)
        .call(
            "Listing the service accounts of " + projectId,
            attempt -> api.accounts(projectId, pageToken, attempt));
  }

  /** Disables an account: its credentials are refused until it is enabled. Idempotent. */
  public void disable(ServiceAccount account) {
    Objects.requireNonNull(account, "account");
    call("Disabling", account, SERVICE_ACCOUNT_ADMIN, deadline -> calls.disable(account, deadline));
  }

  /** Enables a disabled account. Idempotent. */
  public void enable(ServiceAccount account) {
    Objects.requireNonNull(account, "account");
    call("Enabling", account, SERVICE_ACCOUNT_ADMIN, deadline -> calls.enable(account, deadline));
  }

  /**
   * Deletes an account; for 30 days, {@link #undelete} restores it. Note its unique ID first:
   * {@link ServiceAccountInfo#uniqueId}. A new account with the same email address is another one,
   * to which no grant of this one applies.
   *
   * @throws CredentialException if it does not exist, as in {@link #get}
   */
  public void delete(ServiceAccount account) {
    Objects.requireNonNull(account, "account");
    call("Deleting", account, SERVICE_ACCOUNT_ADMIN, AccountWrites.deletion(calls, account));
  }

  /**
   * Restores an account that was deleted in the last 30 days, with its grants. Idempotent.
   *
   * @param account the account, named by its unique ID
   * @throws CredentialException.InvalidRequest before any call for an email address
   */
  public ServiceAccountInfo undelete(ServiceAccount account) {
    Objects.requireNonNull(account, "account");
    require(
        !account.isEmail(),
        "account",
        account.id(),
        "a deleted account is named by its unique ID: another account may have its email address",
        "Pass ServiceAccount.of(UNIQUE_ID); the audit log of the deletion has it");
    checkOpen();
    try {
      return ServiceAccountInfo.of(
          context.call(
              "Undeleting " + account,
              AccountWrites.restoration(calls, account),
              AccountWrites::isRestorationRetryable,
              List::<RequiredGrant>of));
    } catch (CredentialException e) {
      throw advice.ofRestoration(e);
    }
  }

  /** Waits until a new account is usable, for at most 5 minutes. */
  public Duration awaitUsable(ServiceAccount account) {
    return awaitUsable(account, USABLE_WITHIN, Retrier::pause);
  }

  /**
   * Waits, typically a minute, until three probes in a row, a few seconds apart, read the new
   * account and find that a policy allows that. Retries after NotFound, PermissionDenied and
   * Unavailable. The first grant or credential may still be refused. Throws the last failure at the
   * timeout or an interrupt, which stays set.
   *
   * @param timeout by the clock of the credentials; zero probes once, and a started probe completes
   * @param sleeper runs between two probes; for tests, such as {@code emulator.clock()::advance}
   * @return the time that it took, by the clock of the credentials
   * @see <a href="https://cloud.google.com/iam/docs/service-accounts-create">Create service
   *     accounts</a>
   */
  public Duration awaitUsable(
      ServiceAccount account, Duration timeout, Consumer<? super Duration> sleeper) {
    Objects.requireNonNull(account, "account");
    Objects.requireNonNull(timeout, "timeout");
    Objects.requireNonNull(sleeper, "sleeper");
    require(
        !timeout.isNegative(),
        "timeout",
        Phrases.exact(timeout),
        "it must not be negative",
        "Pass a duration such as Duration.ofMinutes(5)");
    ProbeTimer timer = new ProbeTimer(timeout, context.clock(), sleeper::accept);
    return new UsableWait(account, () -> probe(account), timer).run();
  }

  /** Reads the account, and tests whether the policies know it: a reader has this permission. */
  private void probe(ServiceAccount account) {
    get(account);
    boolean known =
        call(
            "Testing the permissions on",
            account,
            SERVICE_ACCOUNT_VIEWER,
            deadline -> calls.allows(account, IamRoles.GET_ACCOUNT, deadline));
    if (!known) {
      throw InternalExceptions.unavailable(
          "%s can be read, but is unknown to policies: the caller has no permission on it yet."
              .formatted(account));
    }
  }

  private <T> T call(String verb, ServiceAccount account, String role, Retrier.Attempt<T> attempt) {
    checkOpen();
    return context.call(
        verb + " " + account,
        attempt,
        ServiceFailure::retryableOrConflict,
        () -> RequiredGrants.ofCaller(context.source(), account, role));
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("These ServiceAccounts are closed");
    }
  }

  /** Closes the connection. */
  @Override
  public void close() {
    closed = true;
    api.close();
  }

  /** {@return the caller, endpoints other than Google's, and whether these are closed; no call} */
  @Override
  public String toString() {
    return Description.of(getClass(), context).closed(closed).toString();
  }
}
