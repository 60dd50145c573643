package io.github.shortlived.testing.internal.iam;

import com.google.iam.v1.GetIamPolicyRequest;
import com.google.iam.v1.Policy;
import com.google.iam.v1.SetIamPolicyRequest;
import com.google.iam.v1.TestIamPermissionsRequest;
import com.google.iam.v1.TestIamPermissionsResponse;
import com.google.protobuf.FieldMask;
import com.google.protobuf.util.FieldMaskUtil;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.Principal;
import io.github.shortlived.testing.internal.account.Resource;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.policy.CustomRoles;
import io.github.shortlived.testing.internal.policy.PolicyVersions;
import io.github.shortlived.testing.internal.rpc.RpcService;
import io.github.shortlived.testing.internal.world.World;
import java.util.List;
import java.util.Set;

/** Reads, writes and tests the allow policies of one kind of resource. */
final class PolicyHandlers {
  /** Without a mask, a write leaves the audit settings unchanged. */
  private static final FieldMask DEFAULT_MASK = FieldMaskUtil.fromString("bindings,etag");

  private final PolicyResources resources;

  private PolicyHandlers(PolicyResources resources) {
    this.resources = resources;
  }

  /** Adds the three methods to a service. */
  static RpcService addTo(RpcService service, PolicyResources resources) {
    PolicyHandlers handlers = new PolicyHandlers(resources);
    return service
        .on(GetIamPolicyRequest.getDefaultInstance(), handlers::get)
        .on(SetIamPolicyRequest.getDefaultInstance(), handlers::set)
        .on(TestIamPermissionsRequest.getDefaultInstance(), handlers::test);
  }

  private Policy get(World world, Caller caller, GetIamPolicyRequest request) {
    int version = request.getOptions().getRequestedPolicyVersion();
    PolicyVersions.requireKnown(version);
    Resource resource =
        resources.permitted(world, caller, request.getResource(), "getIamPolicy", Set.of());
    return PolicyVersions.asReadAt(version, world.policies().read(resource.name()));
  }

  private Policy set(World world, Caller caller, SetIamPolicyRequest request) {
    FieldMask mask = mask(request.getUpdateMask());
    Resource resource =
        resources.permitted(
            world,
            caller,
            request.getResource(),
            "setIamPolicy",
            modifiedRoles(world, request, mask));
    world.policyValidator().check(request.getPolicy(), resource);
    return world.policies().write(resource.name(), request.getPolicy(), mask);
  }

  private Set<String> modifiedRoles(World world, SetIamPolicyRequest request, FieldMask mask) {
    return resources
        .find(world, request.getResource())
        .map(found -> world.policies().modifiedRoles(found.name(), request.getPolicy(), mask))
        .orElse(Set.of());
  }

  private static FieldMask mask(FieldMask requested) {
    if (!FieldMaskUtil.isValid(Policy.class, requested)) {
      throw GoogleErrors.invalidArgument();
    }
    return requested.getPathsCount() == 0 ? DEFAULT_MASK : requested;
  }

  /** Returns no permissions, instead of an error, for a resource that does not exist. */
  private TestIamPermissionsResponse test(
      World world, Caller caller, TestIamPermissionsRequest request) {
    List<String> requested = request.getPermissionsList();
    if (!requested.stream().allMatch(CustomRoles::isPermission)) {
      throw GoogleErrors.invalidArgument(); // unverified
    }
    List<String> held =
        resources
            .find(world, request.getResource())
            .map(resource -> held(world, caller.principal(), requested, resource))
            .orElse(List.of());
    return TestIamPermissionsResponse.newBuilder().addAllPermissions(held).build();
  }

  private static List<String> held(
      World world, Principal who, List<String> requested, Resource resource) {
    return requested.stream()
        .filter(permission -> world.permissions().allows(who, permission, resource))
        .toList();
  }
}
