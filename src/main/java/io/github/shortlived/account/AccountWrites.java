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
    boolean isUnknown =
        AccountCalls.GET.equals(failure.method()) && failure.status() == Code.PERMISSION_DENIED;
    return failure.retryableOrConflict()
        || failure.status() == Code.ALREADY_EXISTS
        || (isUnknown && failure.isByPolicy());
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
    return deadline -> {
      try {
        UndeleteServiceAccountResponse response = calls.undelete(account, deadline);
        return response.hasRestoredAccount()
            ? response.getRestoredAccount()
            : calls.get(account, deadline);
      } catch (FailedCallException e) {
        if (ALREADY_UNDELETED.contains(e.failure().status())) {
          return restored(calls, account, e, deadline);
        }
        throw e;
      }
    };
  }

  private static com.google.iam.admin.v1.ServiceAccount restored(
      AccountCalls calls, ServiceAccount account, FailedCallException refusal, Deadline deadline)
      throws Exception {
    try {
      return calls.get(account, deadline);
    } catch (FailedCallException e) {
      throw e.failure().retryable() ? e : refusal;
    }
  }
}
