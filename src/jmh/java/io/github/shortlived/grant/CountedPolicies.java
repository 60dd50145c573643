package io.github.shortlived.grant;

import com.google.iam.admin.v1.ListServiceAccountsResponse;
import com.google.iam.v1.Policy;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.policy.PolicyStore;
import io.github.shortlived.model.ServiceAccount;
import java.util.concurrent.atomic.AtomicLong;

/** A policy store that counts the attempts of edits, each of which starts with a read. */
record CountedPolicies(PolicyStore delegate, AtomicLong attempts) implements PolicyStore {
  @Override
  public Policy read(ServiceAccount account, Deadline deadline) throws Exception {
    attempts.incrementAndGet();
    return delegate.read(account, deadline);
  }

  @Override
  public void write(ServiceAccount account, Policy policy, Deadline deadline) throws Exception {
    delegate.write(account, policy, deadline);
  }

  @Override
  public ListServiceAccountsResponse accounts(String projectId, String pageToken, Deadline deadline)
      throws Exception {
    return delegate.accounts(projectId, pageToken, deadline);
  }

  @Override
  public void close() {
    delegate.close();
  }
}
