package io.github.shortlived.account;

import com.google.cloud.iam.admin.v1.IAMClient;
import com.google.iam.admin.v1.CreateServiceAccountRequest;
import com.google.iam.admin.v1.DeleteServiceAccountRequest;
import com.google.iam.admin.v1.DisableServiceAccountRequest;
import com.google.iam.admin.v1.EnableServiceAccountRequest;
import com.google.iam.admin.v1.GetServiceAccountRequest;
import com.google.iam.admin.v1.UndeleteServiceAccountRequest;
import com.google.iam.admin.v1.UndeleteServiceAccountResponse;
import com.google.iam.v1.TestIamPermissionsRequest;
import com.google.protobuf.Empty;
import io.github.shortlived.internal.client.IamAdminApi;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.model.ServiceAccount;

/** Makes single attempts of the calls about service accounts. */
record AccountCalls(IamAdminApi api) {
  static final String GET = "getServiceAccount";

  com.google.iam.admin.v1.ServiceAccount create(NewServiceAccount account, Deadline deadline)
      throws Exception {
    CreateServiceAccountRequest.Builder request =
        CreateServiceAccountRequest.newBuilder()
            .setName("projects/" + account.projectId())
            .setAccountId(account.accountId());
    request
        .getServiceAccountBuilder()
        .setDisplayName(account.displayName())
        .setDescription(account.description());
    return api.call(
        "createServiceAccount", IAMClient::createServiceAccountCallable, request.build(), deadline);
  }

  com.google.iam.admin.v1.ServiceAccount get(ServiceAccount account, Deadline deadline)
      throws Exception {
    GetServiceAccountRequest request =
        GetServiceAccountRequest.newBuilder().setName(AccountNames.resource(account)).build();
    return api.call(GET, IAMClient::getServiceAccountCallable, request, deadline);
  }

  Empty disable(ServiceAccount account, Deadline deadline) throws Exception {
    DisableServiceAccountRequest request =
        DisableServiceAccountRequest.newBuilder().setName(AccountNames.resource(account)).build();
    return api.call(
        "disableServiceAccount", IAMClient::disableServiceAccountCallable, request, deadline);
  }

  Empty enable(ServiceAccount account, Deadline deadline) throws Exception {
    EnableServiceAccountRequest request =
        EnableServiceAccountRequest.newBuilder().setName(AccountNames.resource(account)).build();
    return api.call(
        "enableServiceAccount", IAMClient::enableServiceAccountCallable, request, deadline);
  }

  /** Returns the resource name with the project; reads the account if its own name has none. */
  String nameWithProject(ServiceAccount account, Deadline deadline) throws Exception {
    String name = AccountNames.resource(account);
    return name.equals(account.resourceName())
        ? AccountNames.resource(get(account, deadline).getProjectId(), account)
        : name;
  }

  Empty delete(String name, Deadline deadline) throws Exception {
    DeleteServiceAccountRequest request =
        DeleteServiceAccountRequest.newBuilder().setName(name).build();
    return api.call(
        "deleteServiceAccount", IAMClient::deleteServiceAccountCallable, request, deadline);
  }

  UndeleteServiceAccountResponse undelete(ServiceAccount account, Deadline deadline)
      throws Exception {
    UndeleteServiceAccountRequest request =
        UndeleteServiceAccountRequest.newBuilder().setName(AccountNames.resource(account)).build();
    return api.call(
        "undeleteServiceAccount", IAMClient::undeleteServiceAccountCallable, request, deadline);
  }

  /** Returns whether a policy allows the caller this; false if the account is unknown. */
  boolean allows(ServiceAccount account, String permission, Deadline deadline) throws Exception {
    TestIamPermissionsRequest request =
        TestIamPermissionsRequest.newBuilder()
            .setResource(AccountNames.resource(account))
            .addPermissions(permission)
            .build();
    return api.call("testIamPermissions", IAMClient::testIamPermissionsCallable, request, deadline)
        .getPermissionsList()
        .contains(permission);
  }
}
