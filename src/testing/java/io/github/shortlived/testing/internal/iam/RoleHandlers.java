package io.github.shortlived.testing.internal.iam;

import com.google.iam.admin.v1.GetRoleRequest;
import com.google.iam.admin.v1.ListRolesRequest;
import com.google.iam.admin.v1.ListRolesResponse;
import com.google.iam.admin.v1.Role;
import com.google.iam.admin.v1.RoleView;
import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.Resource;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import io.github.shortlived.testing.internal.policy.CustomRoles;
import io.github.shortlived.testing.internal.policy.RoleNames;
import io.github.shortlived.testing.internal.rpc.Page;
import io.github.shortlived.testing.internal.world.World;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Returns and lists the predefined roles that the emulator knows, for everybody, and the custom
 * roles of projects. A predefined role has only the permissions that the emulator checks.
 */
final class RoleHandlers {
  private static final String OF_ORGANIZATION = "organizations/";
  private static final int DEFAULT_PAGE = 300;
  private static final int LARGEST_PAGE = 1000;

  /** The etag of predefined roles is Google's; that of custom roles never changes, as they do. */
  private static final ByteString ETAG = ByteString.copyFrom(new byte[] {0});

  private RoleHandlers() {}

  static Role get(World world, Caller caller, GetRoleRequest request) {
    requireNoOrganization(request.getName());
    return RoleNames.projectOf(request.getName())
        .map(project -> custom(world, caller, world.projectId(project), request.getName()))
        .orElseGet(() -> predefined(world, request.getName()));
  }

  private static Role custom(World world, Caller caller, String projectId, String requested) {
    require(world, caller, "iam.roles.get", projectId);
    String name = RoleNames.ofProject(projectId, requested);
    return find(world, name)
        .orElseThrow(
            () ->
                new RpcException(
                    Code.NOT_FOUND, "The role named " + requested + " was not found."));
  }

  private static Role predefined(World world, String name) {
    if (!RoleNames.isPredefined(name)) {
      throw GoogleErrors.invalid( // unverified
          "The role name must be in the form \"roles/{role}\","
              + " \"organizations/{organization_id}/roles/{role}\", or"
              + " \"projects/{project_id}/roles/{role}\".");
    }
    return find(world, name).orElseThrow(() -> GoogleErrors.notEmulated("Role " + name));
  }

  private static Optional<Role> find(World world, String name) {
    return world
        .permissions()
        .roles()
        .permissionsOf(name)
        .map(permissions -> role(name, permissions, RoleView.FULL));
  }

  static ListRolesResponse list(World world, Caller caller, ListRolesRequest request) {
    requireNoOrganization(request.getParent());
    CustomRoles roles = world.permissions().roles();
    Page<String> page =
        Page.find(
                "roles of " + request.getParent(),
                names(world, caller, request.getParent()),
                name -> name,
                Page.size(request.getPageSize(), DEFAULT_PAGE, LARGEST_PAGE),
                request.getPageToken())
            .orElseThrow(GoogleErrors::invalidArgument);
    return ListRolesResponse.newBuilder()
        .addAllRoles(
            page.items().stream()
                .map(
                    name ->
                        role(name, roles.permissionsOf(name).orElse(Set.of()), request.getView()))
                .toList())
        .setNextPageToken(page.nextToken())
        .build();
  }

  private static List<String> names(World world, Caller caller, String parent) {
    if (parent.isEmpty()) {
      return world.permissions().roles().predefined();
    }
    String projectId = ResourceNames.projectId(world, parent);
    require(world, caller, "iam.roles.list", projectId);
    return world.permissions().roles().ofProject(projectId);
  }

  private static void require(World world, Caller caller, String permission, String projectId) {
    world.permissions().require(caller.principal(), permission, Resource.project(projectId));
  }

  private static void requireNoOrganization(String name) {
    if (name.startsWith(OF_ORGANIZATION)) {
      throw GoogleErrors.notEmulated("An organization");
    }
  }

  private static Role role(String name, Set<String> permissions, RoleView view) {
    Role.Builder role =
        Role.newBuilder().setName(name).setStage(Role.RoleLaunchStage.GA).setEtag(ETAG);
    return view == RoleView.FULL
        ? role.addAllIncludedPermissions(permissions.stream().sorted().toList()).build()
        : role.build();
  }
}
