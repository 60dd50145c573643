package io.github.shortlived.internal.policy;

import com.google.cloud.iam.admin.v1.IAMClient;
import com.google.iam.admin.v1.ListServiceAccountsRequest;
import com.google.iam.admin.v1.ListServiceAccountsResponse;
import com.google.iam.v1.GetIamPolicyRequest;
import com.google.iam.v1.Policy;
import com.google.iam.v1.SetIamPolicyRequest;
import io.github.shortlived.internal.client.GoogleApiClient;
import io.github.shortlived.internal.client.SourceCredentials;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.model.ServiceAccount;

/** Reads and writes policies through the IAM API. */
public final class IamPolicyStore implements PolicyStore {
  private final GoogleApiClient<IAMClient> client;
  private final SourceCredentials source;
  private final Runnable releaseTransport;

  public IamPolicyStore(GoogleApiClient<IAMClient> client, SourceCredentials source) {
    this.client = client;
    this.source = source;
    this.releaseTransport = source.holdTransport();
  }

  @Override
  public Policy read(ServiceAccount account, Deadline deadline) throws Exception {
    GetIamPolicyRequest.Builder request =
        GetIamPolicyRequest.newBuilder().setResource(account.resourceName());
    request.getOptionsBuilder().setRequestedPolicyVersion(BindingEdits.CONDITIONS_VERSION);
    return client.call(
        "getIamPolicy", IAMClient::getIamPolicyCallable, request.build(), source, deadline);
  }

  @Override
  public void write(ServiceAccount account, Policy policy, Deadline deadline) throws Exception {
    SetIamPolicyRequest request =
        SetIamPolicyRequest.newBuilder()
            .setResource(account.resourceName())
            .setPolicy(policy)
            .build();
    client.call("setIamPolicy", IAMClient::setIamPolicyCallable, request, source, deadline);
  }

  @Override
  public ListServiceAccountsResponse accounts(String projectId, String pageToken, Deadline deadline)
      throws Exception {
    ListServiceAccountsRequest request =
        ListServiceAccountsRequest.newBuilder()
            .setName("projects/" + projectId)
            .setPageSize(100) // The maximum.
            .setPageToken(pageToken)
            .build();
    return client.call(
        "listServiceAccounts", IAMClient::listServiceAccountsCallable, request, source, deadline);
  }

  @Override
  public void close() {
    client.close();
    releaseTransport.run();
  }
}
