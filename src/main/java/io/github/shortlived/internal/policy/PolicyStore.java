package io.github.shortlived.internal.policy;

import com.google.iam.admin.v1.ListServiceAccountsResponse;
import com.google.iam.v1.Policy;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.model.ServiceAccount;

/** Reads and writes the policies of service accounts. Tests replace it. */
public interface PolicyStore extends AutoCloseable {
  /** Reads the account's policy with its conditions and etag. */
  Policy read(ServiceAccount account, Deadline deadline) throws Exception;

  /** Replaces the account's policy; fails if its etag is no longer the one of this policy. */
  void write(ServiceAccount account, Policy policy, Deadline deadline) throws Exception;

  /** Lists one page of a project's service accounts; the token of the first page is "". */
  ListServiceAccountsResponse accounts(String projectId, String pageToken, Deadline deadline)
      throws Exception;

  @Override
  void close();
}
