package io.github.shortlived.internal.policy;

import com.google.cloud.iam.admin.v1.IAMClient;
import com.google.iam.admin.v1.ListServiceAccountsResponse;
import com.google.iam.v1.GetIamPolicyRequest;
import com.google.iam.v1.Policy;
import com.google.iam.v1.SetIamPolicyRequest;
import io.github.shortlived.internal.client.IamAdminApi;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.model.ServiceAccount;

/** Reads and writes policies through the IAM API. */
public final class IamPolicyStore implements PolicyStore {
  private final IamAdminApi api;

  public IamPolicyStore(IamAdminApi api) {
    this.api = api;
  }

  @Override
  public Policy read(ServiceAccount account, Deadline deadline) throws Exception {
    GetIamPolicyRequest.Builder request =
        GetIamPolicyRequest.newBuilder().setResource(account.resourceName());
    request.getOptionsBuilder().setRequestedPolicyVersion(BindingEdits.CONDITIONS_VERSION);
    return api.call("getIamPolicy", IAMClient::getIamPolicyCallable, request.build(), deadline);
  }

  @Override
  public void write(ServiceAccount account, Policy policy, Deadline deadline) throws Exception {
    SetIamPolicyRequest request =
        SetIamPolicyRequest.newBuilder()
            .setResource(account.resourceName())
            .setPolicy(policy)
            .build();
    api.call("setIamPolicy", IAMClient::setIamPolicyCallable, request, deadline);
  }

  @Override
  public ListServiceAccountsResponse accounts(String projectId, String pageToken, Deadline deadline)
      throws Exception {
    return api.accounts(projectId, pageToken, deadline);
  }

  @Override
  public void close() {
    api.close();
  }
}
