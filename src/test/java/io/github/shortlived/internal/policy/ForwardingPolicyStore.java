package io.github.shortlived.internal.policy;

import com.google.iam.admin.v1.ListServiceAccountsResponse;
import com.google.iam.v1.Policy;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.model.ServiceAccount;

/** A store that forwards each call to another one; subclasses change some calls. */
public class ForwardingPolicyStore implements PolicyStore {
  private final PolicyStore delegate;

  protected ForwardingPolicyStore(PolicyStore delegate) {
    this.delegate = delegate;
  }

  @Override
  public Policy read(ServiceAccount account, Deadline deadline) throws Exception {
    return delegate.read(account, deadline);
  }

  @Override
  public void write(ServiceAccount account, Policy policy, Deadline deadline) throws Exception {
    delegate.write(account, policy, deadline);
  }

  @Override
  public final ListServiceAccountsResponse accounts(
      String projectId, String pageToken, Deadline deadline) throws Exception {
    return delegate.accounts(projectId, pageToken, deadline);
  }

  @Override
  public final void close() {
    delegate.close();
  }
}
