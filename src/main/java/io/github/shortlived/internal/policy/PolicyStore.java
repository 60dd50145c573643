package io.github.shortlived.internal.policy;

import com.google.iam.admin.v1.ListServiceAccountsResponse;
import com.google.iam.v1.Policy;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.model.ServiceAccount;

/** Where the policies of service accounts are read and written: the one seam to the IAM API. */
public interface PolicyStore extends AutoCloseable {
  /** The account's policy with its conditions and etag. */
  Policy read(ServiceAccount account, Deadline deadline) throws Exception;

  /** Replaces the policy, if it still has the etag that this one was read with. */
  void write(ServiceAccount account, Policy policy, Deadline deadline) throws Exception;

  /** One page of a project's service accounts; the first one has the token "". */
  ListServiceAccountsResponse accounts(String projectId, String pageToken, Deadline deadline)
      throws Exception;

  @Override
  void close();
}
