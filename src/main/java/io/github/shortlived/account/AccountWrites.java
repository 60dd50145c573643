package io.github.shortlived.account;

import com.google.api.gax.rpc.StatusCode.Code;
import com.google.iam.admin.v1.UndeleteServiceAccountResponse;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.internal.failure.ServiceFailure;
import io.github.shortlived.model.ServiceAccount;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of writes that are not idempotent by themselves: the response of an earlier attempt
 * may be lost, and then the service refuses the next one, because its work is done.
 */
final class AccountWrites {
  // The refusals of a write that is done, or that another account prevents.
  private static final Set<Code> ALREADY_UNDELETED =
      Set.of(Code.ALREADY_EXISTS, Code.FAILED_PRECONDITION, Code.INVALID_ARGUMENT, Code.NOT_FOUND);

  private AccountWrites() {}

  /** Creates the account, or returns the one that has its name. */
  static Retrier.Attempt<com.google.iam.admin.v1.ServiceAccount> creation(
      AccountCalls calls, NewServiceAccount account) {
    return deadline -> {
      try {
        return calls.create(account, deadline);
      } catch (FailedCallException e) {
        if (e.failure().status() == Code.ALREADY_EXISTS) {
          return existing(calls, account.account(), e, deadline);
        }
        throw e;
      }
    };
  }

  /** A new account may be unknown to reads for a while: then the whole attempt is repeated. */
  static boolean isCreationRetryable(ServiceFailure failure) {
    return failure.status() == Code.ALREADY_EXISTS || isRestorationRetryable(failure);
  }

  /** Also a restored account may be unknown to reads for a while. */
  static boolean isRestorationRetryable(ServiceFailure failure) {
    boolean isUnknown =
        failure.status() == Code.NOT_FOUND
            || (failure.status() == Code.PERMISSION_DENIED && failure.isByPolicy());
    return failure.retryableOrConflict()
        || (isUnknown && AccountCalls.GET.equals(failure.method()));
  }

  private static com.google.iam.admin.v1.ServiceAccount existing(
      AccountCalls calls, ServiceAccount account, FailedCallException refusal, Deadline deadline)
      throws Exception {
    try {
      return calls.get(account, deadline);
    } catch (FailedCallException e) {
      throw e.failure().status() == Code.NOT_FOUND ? refusal : e;
    }
  }

  /** Deletes the account; is done if an earlier attempt may have deleted it. */
  static Retrier.Attempt<Boolean> deletion(AccountCalls calls, ServiceAccount account) {
    return new Deletion(calls, account);
  }

  private static final class Deletion implements Retrier.Attempt<Boolean> {
    private final AccountCalls calls;
    private final ServiceAccount account;
    private @Nullable String name;
    private boolean mayBeDeleted;

    Deletion(AccountCalls calls, ServiceAccount account) {
      this.calls = calls;
      this.account = account;
    }

    @Override
    public Boolean call(Deadline deadline) throws Exception {
      // Without the project, NOT_FOUND could not be distinguished from a missing permission.
      String known = name == null ? calls.nameWithProject(account, deadline) : name;
      name = known;
      try {
        calls.delete(known, deadline);
        return true;
      } catch (Exception e) {
        ServiceFailure failure = FailedCallException.of(e).failure();
        if (mayBeDeleted && failure.status() == Code.NOT_FOUND) {
          return true;
        }
        mayBeDeleted |= failure.mayBeApplied();
        throw e;
      }
    }
  }

  /** Undeletes the account, or returns it if it is not deleted. */
  static Retrier.Attempt<com.google.iam.admin.v1.ServiceAccount> restoration(
      AccountCalls calls, ServiceAccount account) {
    return new Restoration(calls, account);
  }

  private static final class Restoration
      implements Retrier.Attempt<com.google.iam.admin.v1.ServiceAccount> {
    private final AccountCalls calls;
    private final ServiceAccount account;
    private boolean mayBeRestored;

    Restoration(AccountCalls calls, ServiceAccount account) {
      this.calls = calls;
      this.account = account;
    }

    @Override
    public com.google.iam.admin.v1.ServiceAccount call(Deadline deadline) throws Exception {
      UndeleteServiceAccountResponse response;
      try {
        response = calls.undelete(account, deadline);
      } catch (FailedCallException e) {
        if (ALREADY_UNDELETED.contains(e.failure().status())) {
          return restored(e, deadline);
        }
        mayBeRestored |= e.failure().mayBeApplied();
        throw e;
      }
      mayBeRestored = true;
      return response.hasRestoredAccount()
          ? response.getRestoredAccount()
          : calls.get(account, deadline);
    }

    /** Reads the account. Throws the refusal if no attempt of this call may have restored it. */
    private com.google.iam.admin.v1.ServiceAccount restored(
        FailedCallException refusal, Deadline deadline) throws Exception {
      try {
        return calls.get(account, deadline);
      } catch (FailedCallException e) {
        throw mayBeRestored || e.failure().retryable() ? e : refusal;
      }
    }
  }
}
