package io.github.shortlived.testing;

import com.google.iam.v1.GetIamPolicyRequest;
import com.google.iam.v1.Policy;
import com.google.iam.v1.SetIamPolicyRequest;
import com.google.iam.v1.TestIamPermissionsRequest;
import com.google.iam.v1.TestIamPermissionsResponse;
import java.util.List;

/** Reads, writes and tests the allow policies of service accounts. */
final class PolicyHandlers {
  private final AccountNames names;
  private final Access access;
  private final Policies policies;
  private final PolicyRules rules;

  PolicyHandlers(World world) {
    this.names = new AccountNames(world.accounts());
    this.access = world.access();
    this.policies = world.policies();
    this.rules = world.policyRules();
  }

  Policy get(Caller caller, GetIamPolicyRequest request) {
    int version = request.getOptions().getRequestedPolicyVersion();
    PolicyVersions.requireKnown(version);
    Resource account = permitted(caller, request.getResource(), "iam.serviceAccounts.getIamPolicy");
    return PolicyVersions.asReadAt(version, policies.read(account.name()));
  }

  Policy set(Caller caller, SetIamPolicyRequest request) {
    Resource account = permitted(caller, request.getResource(), "iam.serviceAccounts.setIamPolicy");
    PolicyMask mask = PolicyMask.of(request.getUpdateMask());
    rules.check(request.getPolicy(), account.projectId());
    return policies.write(account.name(), request.getPolicy(), mask);
  }

  /** Of an account that does not exist nobody has any permission, which is no error. */
  TestIamPermissionsResponse test(Caller caller, TestIamPermissionsRequest request) {
    List<String> asked = request.getPermissionsList();
    if (!asked.stream().allMatch(CustomRoles::isPermission)) {
      throw Refusals.invalidArgument(); // unverified
    }
    List<String> held =
        names
            .find(request.getResource())
            .map(account -> held(caller.principal(), asked, account.resource()))
            .orElse(List.of());
    return TestIamPermissionsResponse.newBuilder().addAllPermissions(held).build();
  }

  private Resource permitted(Caller caller, String name, String permission) {
    Resource account = names.account(name, permission).resource();
    access.require(caller.principal(), permission, account);
    return account;
  }

  private List<String> held(Principal who, List<String> asked, Resource on) {
    return asked.stream().filter(permission -> access.allows(who, permission, on)).toList();
  }
}
