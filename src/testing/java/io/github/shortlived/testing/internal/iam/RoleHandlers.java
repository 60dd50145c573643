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
import io.github.shortlived.testing.internal.rpc.Page;
import io.github.shortlived.testing.internal.world.World;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Returns and lists the predefined roles that the emulator knows, for everybody, and the custom
 * roles of projects. A predefined role has only the permissions that the emulator checks.
 */
final class RoleHandlers {
  private static final Pattern PREDEFINED = Pattern.compile("roles/[^/]+");
  private static final Pattern OF_PROJECT = Pattern.compile("(projects/[^/]+)/roles/[^/]+");
  private static final String OF_ORGANIZATION = "organizations/";
  private static final int DEFAULT_PAGE = 300;
  private static final int LARGEST_PAGE = 1000;

  /** The etag of predefined roles is Google's; that of custom roles never changes, as they do. */
  private static final ByteString ETAG = ByteString.copyFrom(new byte[] {0});

  private RoleHandlers() {}

  static Role get(World world, Caller caller, GetRoleRequest request) {
    String name = request.getName();
    requireNoOrganization(name);
    Matcher ofProject = OF_PROJECT.matcher(name);
    if (ofProject.matches()) {
      require(world, caller, "iam.roles.get", ofProject.group(1));
    } else if (!PREDEFINED.matcher(name).matches()) {
      throw GoogleErrors.invalid( // unverified
          "The role name must be in the form \"roles/{role}\","
              + " \"organizations/{organization_id}/roles/{role}\", or"
              + " \"projects/{project_id}/roles/{role}\".");
    }
    return world
        .permissions()
        .roles()
        .permissionsOf(name)
        .map(permissions -> role(name, permissions, RoleView.FULL))
        .orElseThrow(
            () ->
                ofProject.matches()
                    ? new RpcException(Code.NOT_FOUND, "The role named " + name + " was not found.")
                    : GoogleErrors.notEmulated("Role " + name));
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
    require(world, caller, "iam.roles.list", parent);
    return world.permissions().roles().ofProject(ResourceNames.projectId(parent));
  }

  private static void require(World world, Caller caller, String permission, String project) {
    world
        .permissions()
        .require(
            caller.principal(), permission, Resource.project(ResourceNames.projectId(project)));
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
