package io.github.shortlived.testing;

import com.google.iam.admin.v1.CreateServiceAccountKeyRequest;
import com.google.iam.admin.v1.CreateServiceAccountRequest;
import com.google.iam.admin.v1.DeleteServiceAccountKeyRequest;
import com.google.iam.admin.v1.DeleteServiceAccountRequest;
import com.google.iam.admin.v1.DisableServiceAccountKeyRequest;
import com.google.iam.admin.v1.DisableServiceAccountRequest;
import com.google.iam.admin.v1.EnableServiceAccountKeyRequest;
import com.google.iam.admin.v1.EnableServiceAccountRequest;
import com.google.iam.admin.v1.GetServiceAccountKeyRequest;
import com.google.iam.admin.v1.GetServiceAccountRequest;
import com.google.iam.admin.v1.Iam;
import com.google.iam.admin.v1.ListServiceAccountKeysRequest;
import com.google.iam.admin.v1.ListServiceAccountsRequest;
import com.google.iam.admin.v1.PatchServiceAccountRequest;
import com.google.iam.admin.v1.UndeleteServiceAccountRequest;
import com.google.iam.v1.GetIamPolicyRequest;
import com.google.iam.v1.SetIamPolicyRequest;
import com.google.iam.v1.TestIamPermissionsRequest;
import java.net.URI;

/** The Identity and Access Management API, v1. */
final class IamAdminService {
  private IamAdminService() {}

  static RpcService of(World world, URI self) {
    KeyHandlers keys = new KeyHandlers(world, self.resolve("/token"));
    AccountLifecycle lifecycle = new AccountLifecycle(world);
    ServiceAccountHandlers accounts = new ServiceAccountHandlers(world);
    PolicyHandlers policies = new PolicyHandlers(world);
    return new RpcService(Iam.getDescriptor().findServiceByName("IAM"), Scopes.FOR_IAM)
        .on(
            "CreateServiceAccount",
            CreateServiceAccountRequest.getDefaultInstance(),
            accounts::create)
        .on("GetServiceAccount", GetServiceAccountRequest.getDefaultInstance(), accounts::get)
        .on("ListServiceAccounts", ListServiceAccountsRequest.getDefaultInstance(), accounts::list)
        .on("PatchServiceAccount", PatchServiceAccountRequest.getDefaultInstance(), accounts::patch)
        .on(
            "DeleteServiceAccount",
            DeleteServiceAccountRequest.getDefaultInstance(),
            lifecycle::delete)
        .on(
            "UndeleteServiceAccount",
            UndeleteServiceAccountRequest.getDefaultInstance(),
            lifecycle::undelete)
        .on(
            "DisableServiceAccount",
            DisableServiceAccountRequest.getDefaultInstance(),
            lifecycle::disable)
        .on(
            "EnableServiceAccount",
            EnableServiceAccountRequest.getDefaultInstance(),
            lifecycle::enable)
        .on(
            "CreateServiceAccountKey",
            CreateServiceAccountKeyRequest.getDefaultInstance(),
            keys::create)
        .on("GetServiceAccountKey", GetServiceAccountKeyRequest.getDefaultInstance(), keys::get)
        .on(
            "ListServiceAccountKeys",
            ListServiceAccountKeysRequest.getDefaultInstance(),
            keys::list)
        .on(
            "DeleteServiceAccountKey",
            DeleteServiceAccountKeyRequest.getDefaultInstance(),
            keys::delete)
        .on(
            "DisableServiceAccountKey",
            DisableServiceAccountKeyRequest.getDefaultInstance(),
            keys::disable)
        .on(
            "EnableServiceAccountKey",
            EnableServiceAccountKeyRequest.getDefaultInstance(),
            keys::enable)
        .on("GetIamPolicy", GetIamPolicyRequest.getDefaultInstance(), policies::get)
        .on("SetIamPolicy", SetIamPolicyRequest.getDefaultInstance(), policies::set)
        .on("TestIamPermissions", TestIamPermissionsRequest.getDefaultInstance(), policies::test);
  }
}
