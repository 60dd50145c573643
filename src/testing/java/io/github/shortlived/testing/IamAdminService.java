package io.github.shortlived.testing;

import com.google.iam.admin.v1.CreateServiceAccountRequest;
import com.google.iam.admin.v1.GetServiceAccountRequest;
import com.google.iam.admin.v1.Iam;
import com.google.iam.admin.v1.ListServiceAccountsRequest;
import com.google.iam.v1.GetIamPolicyRequest;
import com.google.iam.v1.SetIamPolicyRequest;
import com.google.iam.v1.TestIamPermissionsRequest;

/** The Identity and Access Management API, v1. */
final class IamAdminService {
  private IamAdminService() {}

  static RpcService of(World world) {
    ServiceAccountHandlers accounts = new ServiceAccountHandlers(world);
    PolicyHandlers policies = new PolicyHandlers(world);
    return new RpcService(Iam.getDescriptor().findServiceByName("IAM"), Scopes.FOR_IAM)
        .on(
            "CreateServiceAccount",
            CreateServiceAccountRequest.getDefaultInstance(),
            accounts::create)
        .on("GetServiceAccount", GetServiceAccountRequest.getDefaultInstance(), accounts::get)
        .on("ListServiceAccounts", ListServiceAccountsRequest.getDefaultInstance(), accounts::list)
        .on("GetIamPolicy", GetIamPolicyRequest.getDefaultInstance(), policies::get)
        .on("SetIamPolicy", SetIamPolicyRequest.getDefaultInstance(), policies::set)
        .on("TestIamPermissions", TestIamPermissionsRequest.getDefaultInstance(), policies::test);
  }
}
