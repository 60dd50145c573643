package io.github.shortlived.testing.internal.iam;

import com.google.iam.admin.v1.CreateServiceAccountKeyRequest;
import com.google.iam.admin.v1.CreateServiceAccountRequest;
import com.google.iam.admin.v1.DeleteServiceAccountKeyRequest;
import com.google.iam.admin.v1.DeleteServiceAccountRequest;
import com.google.iam.admin.v1.DisableServiceAccountKeyRequest;
import com.google.iam.admin.v1.DisableServiceAccountRequest;
import com.google.iam.admin.v1.EnableServiceAccountKeyRequest;
import com.google.iam.admin.v1.EnableServiceAccountRequest;
import com.google.iam.admin.v1.GetRoleRequest;
import com.google.iam.admin.v1.GetServiceAccountKeyRequest;
import com.google.iam.admin.v1.GetServiceAccountRequest;
import com.google.iam.admin.v1.Iam;
import com.google.iam.admin.v1.ListRolesRequest;
import com.google.iam.admin.v1.ListServiceAccountKeysRequest;
import com.google.iam.admin.v1.ListServiceAccountsRequest;
import com.google.iam.admin.v1.PatchServiceAccountRequest;
import com.google.iam.admin.v1.ServiceAccount;
import com.google.iam.admin.v1.UndeleteServiceAccountRequest;
import io.github.shortlived.testing.internal.account.OAuthScopes;
import io.github.shortlived.testing.internal.rpc.RpcService;
import java.net.URI;

/** The Identity and Access Management API, v1. */
public final class IamAdminService {
  private IamAdminService() {}

  /** Returns the service of an emulator at an address, which its key files name. */
  public static RpcService at(URI serverUri) {
    KeyHandlers keys = new KeyHandlers(serverUri.resolve("/token"));
    AccountLifecycleHandlers lifecycle = new AccountLifecycleHandlers();
    RpcService service =
        new RpcService(Iam.getDescriptor().findServiceByName("IAM"), OAuthScopes.FOR_IAM)
            .on(CreateServiceAccountRequest.getDefaultInstance(), ServiceAccountHandlers::create)
            .on(GetServiceAccountRequest.getDefaultInstance(), ServiceAccountHandlers::get)
            .on(ListServiceAccountsRequest.getDefaultInstance(), ServiceAccountHandlers::list)
            .on(PatchServiceAccountRequest.getDefaultInstance(), ServiceAccountHandlers::patch)
            .on(ServiceAccount.getDefaultInstance(), ServiceAccountHandlers::update)
            .on(DeleteServiceAccountRequest.getDefaultInstance(), lifecycle::delete)
            .on(UndeleteServiceAccountRequest.getDefaultInstance(), lifecycle::undelete)
            .on(DisableServiceAccountRequest.getDefaultInstance(), lifecycle::disable)
            .on(EnableServiceAccountRequest.getDefaultInstance(), lifecycle::enable)
            .on(CreateServiceAccountKeyRequest.getDefaultInstance(), keys::create)
            .on(GetServiceAccountKeyRequest.getDefaultInstance(), keys::get)
            .on(ListServiceAccountKeysRequest.getDefaultInstance(), keys::list)
            .on(DeleteServiceAccountKeyRequest.getDefaultInstance(), keys::delete)
            .on(DisableServiceAccountKeyRequest.getDefaultInstance(), keys::disable)
            .on(EnableServiceAccountKeyRequest.getDefaultInstance(), keys::enable)
            .on(GetRoleRequest.getDefaultInstance(), RoleHandlers::get)
            .on(ListRolesRequest.getDefaultInstance(), RoleHandlers::list);
    return PolicyHandlers.addTo(service, new AccountPolicies());
  }
}
